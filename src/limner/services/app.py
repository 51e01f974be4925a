"""The HTTP API of the champions: one exact route a model, problems for everything else."""

import traceback
from collections.abc import Collection, Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from fastapi import FastAPI, Path
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse

from limner.errors import LimnerError
from limner.scoring import score_records
from limner.services.answers import answer, answer_type
from limner.services.boundary import JsonRoute, RequestBoundary
from limner.services.champions import Champion, ModelUnservable
from limner.services.descriptions import (
    ModelDescription,
    ModelList,
    UnavailableModel,
    describe_model,
)
from limner.services.faults import HANDLERS
from limner.services.openapi import (
    DESCRIPTION,
    SCORE_PROBLEMS,
    SUCCESS,
    DocumentedApi,
    example_of,
)
from limner.services.problem_kinds import (
    INTERNAL,
    KINDS,
    MODEL_UNAVAILABLE,
    MODEL_UNKNOWN,
    NOT_FOUND,
    problem_page,
)
from limner.services.problems import HEADERS, Refused, documented, problem_of
from limner.services.schemas import ScoreRequest, request_example, request_type


class Served(NamedTuple):
    """What the service answers for a model's name.

    ``fault`` is why nothing is known of any model: the registry was lost after the start.
    """

    champions: Mapping[str, Champion]
    faults: Mapping[str, LimnerError]
    left_out: tuple[str, ...]
    given_by: Mapping[str, str]
    fault: LimnerError | None

    @property
    def all_faults(self) -> tuple[LimnerError, ...]:
        """Why the service is not ready: one fault a model, or the one of them all."""
        return (*self.faults.values(), *((self.fault,) if self.fault else ()))


class Route(NamedTuple):
    """What a champion's route promises: its body, and an example with its answer."""

    body: type[ScoreRequest]
    example: dict[str, Any]
    answer: dict[str, Any]


def create_app(
    champions: Mapping[str, Champion], left_out: Collection[str] = (),
    faults: Mapping[str, LimnerError] = MappingProxyType({}), fault: LimnerError | None = None,
) -> FastAPI:  # fmt: skip
    """Build the API of some champions; ``app.state.served`` says what it serves.

    Args:
        champions: by model name. Each is scored once on its own example: one that cannot be
            scored is not served, and the others are.
        left_out: models that are defined and have no champion, for their data is not here.
        faults: why other champions cannot be served, by model name.
        fault: why no model is known at all.
    """
    routes, broken = _prove(champions)
    kept = {name: champions[name] for name in routes}
    served = Served(
        kept,
        {**faults, **broken},
        tuple(name for name in left_out if name not in champions and name not in faults),
        _given_by(kept),
        fault,
    )
    api = DocumentedApi(
        title="Limner",
        version=version("limner"),
        description=DESCRIPTION,
        # The interactive pages would load their code from a public server.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        middleware=[Middleware(RequestBoundary)],
    )
    api.state.served = served
    _add_models(api, served)
    for name, route in routes.items():
        _add_scores(api, champions[name], route)
    _add_fallbacks(api, served)
    return api


def _prove(
    champions: Mapping[str, Champion],
) -> tuple[dict[str, Route], dict[str, ModelUnservable]]:
    """Have every champion answer its own example."""
    routes: dict[str, Route] = {}
    broken: dict[str, ModelUnservable] = {}
    for name, champion in champions.items():
        manifest = champion.fitted.manifest
        try:
            example = request_example(manifest)
            scores = score_records(champion.fitted, example["records"], True)
            describe_model(champion)
            routes[name] = Route(request_type(manifest), example, answer(champion, scores))
        # Whatever it is, it is this model's, and must not take the others down.
        except Exception as fault:
            broken[name] = ModelUnservable(name, champion.version, _place_of(fault))
    return routes, broken


def _place_of(fault: Exception) -> str:
    """Say what was raised where, without the values that its text may quote."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = "/".join(last.filename.split("/")[-2:])
    return f"{type(fault).__name__} raised at {place}:{last.lineno}"


def _given_by(champions: Mapping[str, Champion]) -> dict[str, str]:
    parts = {model: champion.fitted.manifest.amount for model, champion in champions.items()}
    return {name: model for model, part in parts.items() if part for name in part.gives}


def _add_models(api: FastAPI, served: Served) -> None:
    models = {name: describe_model(champion) for name, champion in served.champions.items()}
    unavailable = [
        UnavailableModel(
            name=name,
            problem=problem_of(
                MODEL_UNAVAILABLE, _not_servable(name, fault), f"urn:limner:model:{name}"
            ),
        )
        for name, fault in served.faults.items()
    ]
    listed = ModelList(
        models=list(models.values()), left_out=list(served.left_out), unavailable=unavailable
    )
    one_of = Path(description="A model's name.", json_schema_extra={"enum": list(models)})

    @api.get(
        "/v1/models",
        summary="List the models",
        responses=SUCCESS | documented(MODEL_UNAVAILABLE, INTERNAL),
    )
    async def list_models() -> ModelList:
        if served.fault:
            raise _unknown("", served)
        return listed

    @api.get(
        "/v1/models/{model}",
        summary="Describe one model",
        responses=SUCCESS | documented(MODEL_UNKNOWN, MODEL_UNAVAILABLE, INTERNAL),
    )
    async def show_model(model: Annotated[str, one_of]) -> ModelDescription:
        if model not in models:
            raise _unknown(model, served)
        return models[model]


def _add_scores(api: FastAPI, champion: Champion, route: Route) -> None:
    manifest = champion.fitted.manifest

    async def score(body: ScoreRequest) -> dict[str, Any]:
        arguments = champion.fitted, body.records, body.reasons
        if len(body.records) == 1:
            # A few milliseconds: less than the way to a thread and back would cost.
            return answer(champion, score_records(*arguments))
        return answer(champion, await run_in_threadpool(score_records, *arguments))

    # FastAPI reads a body's type from here, and this one is made at run time.
    score.__annotations__["body"] = route.body
    api.router.add_api_route(
        f"/v1/models/{manifest.model}/scores",
        score,
        methods=["POST"],
        response_model=answer_type(manifest),
        operation_id=f"score_{manifest.model}",
        summary=f"Score with {manifest.model}",
        description=f"{manifest.title.en} ({manifest.title.zh}).\n\n"
        f"For: {manifest.use}.\n\nNot for: {manifest.not_for}.",
        responses={
            200: {"content": example_of(route.answer), "headers": HEADERS},
            **SCORE_PROBLEMS,
        },
        openapi_extra={"requestBody": {"content": example_of(route.example)}},
        route_class_override=JsonRoute,
    )


def _add_fallbacks(api: FastAPI, served: Served) -> None:
    pages = {kind.name: problem_page(kind) for kind in KINDS}

    @api.post("/v1/models/{model}/scores", include_in_schema=False)
    async def refuse_unknown(model: str) -> None:
        raise _unknown(model, served)

    @api.get("/problems/{name}", include_in_schema=False)
    async def explain_problem(name: str) -> HTMLResponse:
        if name not in pages:
            raise Refused(NOT_FOUND, f"The types of problems are: {', '.join(pages)}.")
        return HTMLResponse(pages[name])


def _not_servable(model: str, fault: LimnerError) -> str:
    # Only the kind of the fault: its text may name where files lie, which the log tells.
    return f"The champion of model '{model}' cannot be served ({type(fault).__name__})."


def _unknown(model: str, served: Served) -> Refused:
    if served.fault:
        told = f"The champions cannot be read ({type(served.fault).__name__})."
        return Refused(MODEL_UNAVAILABLE, told)
    if model in served.faults:
        return Refused(MODEL_UNAVAILABLE, _not_servable(model, served.faults[model]))
    # Why is the operator's to know: the reason may name where data lies.
    if model in served.left_out:
        fact = f"Model '{model}' is left out here: there is no data of its portfolio."
    elif model in served.given_by:
        fact = f"'{model}' is part of what model '{served.given_by[model]}' answers."
    else:
        fact = f"No model is named '{model}'."
    return Refused(MODEL_UNKNOWN, f"{fact} Served: {', '.join(served.champions)}.")
