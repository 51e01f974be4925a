"""The HTTP API of the champions: one exact route a model, problems for everything else."""

from collections.abc import Collection, Mapping
from importlib.metadata import version
from typing import Annotated, Any, NamedTuple

from fastapi import FastAPI, Path
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse

from limner.scoring import score_records
from limner.services.answers import answer, answer_type
from limner.services.boundary import JsonRoute, RequestBoundary
from limner.services.champions import Champion
from limner.services.descriptions import ModelDescription, ModelList, describe_model
from limner.services.faults import HANDLERS
from limner.services.openapi import (
    DESCRIPTION,
    SCORE_PROBLEMS,
    SUCCESS,
    DocumentedApi,
    example_of,
)
from limner.services.problem_kinds import INTERNAL, KINDS, MODEL_UNKNOWN, NOT_FOUND, problem_page
from limner.services.problems import HEADERS, Refused, documented
from limner.services.schemas import ScoreRequest, request_example, request_type


class Served(NamedTuple):
    """The champions, the names of the models that are left out, and names that are no model's."""

    champions: Mapping[str, Champion]
    left_out: tuple[str, ...]
    given_by: Mapping[str, str]


def create_app(champions: Mapping[str, Champion], left_out: Collection[str] = ()) -> FastAPI:
    """Build the API of some champions.

    Args:
        champions: by model name, at least one. Each is scored once on its own example:
            one that cannot be scored stops the service at its start, not at a request.
        left_out: models that are defined and have no champion, for their data is not here.
    """
    served = Served(
        champions,
        tuple(name for name in left_out if name not in champions),
        _given_by(champions),
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
    _add_models(api, served)
    for champion in champions.values():
        _add_scores(api, champion)
    _add_fallbacks(api, served)
    return api


def _given_by(champions: Mapping[str, Champion]) -> dict[str, str]:
    parts = {model: champion.fitted.manifest.amount for model, champion in champions.items()}
    return {name: model for model, part in parts.items() if part for name in part.gives}


def _add_models(api: FastAPI, served: Served) -> None:
    models = {name: describe_model(champion) for name, champion in served.champions.items()}
    listed = ModelList(models=list(models.values()), left_out=list(served.left_out))
    one_of = Path(description="A model's name.", json_schema_extra={"enum": list(models)})

    @api.get("/v1/models", summary="List the models", responses=SUCCESS | documented(INTERNAL))
    async def list_models() -> ModelList:
        return listed

    @api.get(
        "/v1/models/{model}",
        summary="Describe one model",
        responses=SUCCESS | documented(MODEL_UNKNOWN, INTERNAL),
    )
    async def show_model(model: Annotated[str, one_of]) -> ModelDescription:
        if model not in models:
            raise _unknown(model, served)
        return models[model]


def _add_scores(api: FastAPI, champion: Champion) -> None:
    manifest = champion.fitted.manifest
    body_type, example = request_type(manifest), request_example(manifest)
    example_answer = answer(champion, score_records(champion.fitted, example["records"], True))

    async def score(body: ScoreRequest) -> dict[str, Any]:
        arguments = champion.fitted, body.records, body.reasons
        if len(body.records) == 1:
            # A few milliseconds: less than the way to a thread and back would cost.
            return answer(champion, score_records(*arguments))
        return answer(champion, await run_in_threadpool(score_records, *arguments))

    # FastAPI reads a body's type from here, and this one is made at run time.
    score.__annotations__["body"] = body_type
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
            200: {"content": example_of(example_answer), "headers": HEADERS},
            **SCORE_PROBLEMS,
        },
        openapi_extra={"requestBody": {"content": example_of(example)}},
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


def _unknown(model: str, served: Served) -> Refused:
    # Why is the operator's to know: the reason may name where data lies.
    if model in served.left_out:
        fact = f"Model '{model}' is left out here: there is no data of its portfolio."
    elif model in served.given_by:
        fact = f"'{model}' is part of what model '{served.given_by[model]}' answers."
    else:
        fact = f"No model is named '{model}'."
    return Refused(MODEL_UNKNOWN, f"{fact} Served: {', '.join(served.champions)}.")
