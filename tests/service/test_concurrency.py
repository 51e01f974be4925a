"""A long list is scored beside the event loop, so that others are answered meanwhile."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from limner.modelling.gradient_boosting import BoostedTrees
from limner.services.app import create_app
from limner.services.champions import Champion


class WaitingTrees:
    """Trees that, for more than one record, wait until they are told to go on."""

    def __init__(self, trees: BoostedTrees) -> None:
        self._trees, self.go_on = trees, threading.Event()

    def margins(self, values: Any) -> Any:
        if len(values) > 1:
            # On the event loop nobody could tell it: the wait would run out.
            self.go_on.wait(timeout=3)
        return self._trees.margins(values)

    def contributions(self, values: Any) -> Any:
        return self._trees.contributions(values)


def test_others_are_answered_while_a_long_list_is_scored(
    champions: Mapping[str, Champion],
) -> None:
    champion = champions["serious_delinquency"]
    trees = WaitingTrees(champion.fitted.trees)
    fitted = replace(champion.fitted, trees=trees)  # type: ignore[arg-type]
    app = create_app({"serious_delinquency": replace(champion, fitted=fitted)})
    body = {"records": [dict(champion.fitted.manifest.example)] * 2}
    finished = []

    async def post(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/models/serious_delinquency/scores", json=body)
        finished.append(("list", answer.status_code))

    async def both() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            scoring = asyncio.create_task(post(client))
            await asyncio.sleep(0.2)
            finished.append(("other", (await client.get("/v1/models")).status_code))
            trees.go_on.set()
            await scoring

    asyncio.run(both())

    assert finished == [("other", 200), ("list", 200)]
