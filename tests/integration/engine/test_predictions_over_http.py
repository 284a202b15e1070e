"""Predictions and playbooks over HTTP, as far as no model is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.testing import TestClient

from tests.integration.engine.conftest import Shop, identify, track

if TYPE_CHECKING:
    from httpx import Response

PREDICTIONS = """
{kind: prediction, id: buys, target: {event: Order Completed}, window: 30d, mode: active}
---
{kind: prediction, id: peeks, target: {event: Order Completed}, window: 30d, mode: preview}
---
{kind: prediction, id: plans, target: {churn: {all: [{did_not: Order Completed}]}}, window: 30d}
"""


def test_predictions_over_http(embedded_shop: Shop) -> None:
    shop = embedded_shop
    shop.send(identify("ada"), track("ada", "Order Completed", total=10))
    shop.apply(PREDICTIONS)
    shop.work()
    key = shop.installation.admin_key
    with TestClient(shop.installation.make_api()) as client:

        def ask(method: str, path: str, **body: Any) -> Response:
            headers = {"authorization": f"Bearer {key}"}
            return client.request(method, f"/api/v1/{path}", headers=headers, json=body if method == "POST" else None)

        assert {"buys": "training", "peeks": "training", "plans": "draft"} == {
            p["id"]: p["state"] for p in ask("GET", "predictions").json()["items"]
        }
        assert 401 == client.get("/api/v1/predictions").status_code
        assert 404 == ask("GET", "predictions/nothing").status_code
        check = ask("GET", "predictions/buys/check").json()
        assert ("not usable", 1) == (check["use"], check["audience"])

        for name in ("buys", "peeks", "plans"):
            refused = ask("POST", f"predictions/{name}/target", create="segment", category=["high"])
            assert (409, "prediction_not_targetable") == (refused.status_code, refused.json()["code"])
        assert 400 == ask("POST", "predictions/buys/target", create="list").status_code
        assert 404 == ask("POST", "predictions/buys/panel", category=["high"]).status_code
        assert 409 == ask("POST", "predictions/plans/build").status_code

        run = ask("POST", "predictions/buys/build")
        assert (202, "waiting") == (run.status_code, run.json()["state"])
        assert run.json()["run"] == ask("POST", "predictions/buys/build").json()["run"]
        assert "cancelled" == ask("POST", "predictions/buys/cancel").json()["state"]
        assert "cancelled" == ask("GET", f"predictions/buys/runs/{run.json()['run']}").json()["state"]
        assert 409 == ask("POST", "predictions/buys/cancel").status_code

        assert [] == ask("GET", "profiles/ada").json()["predictions"]


def test_playbooks_over_http(embedded_shop: Shop) -> None:
    shop = embedded_shop
    shop.apply(PREDICTIONS)
    shop.work()
    with TestClient(shop.installation.make_api()) as client:
        headers = {"authorization": f"Bearer {shop.installation.admin_key}"}

        assert 8 == len(client.get("/api/v1/playbooks", headers=headers).json()["items"])
        filled = client.post(
            "/api/v1/playbooks/sliding-scale/fill", json={"parameters": {"prediction": "buys"}}, headers=headers
        )
        assert "buys-sliding-scale" in [d["id"] for d in filled.json()["definitions"]]
        assert {"created"} == {change["action"] for change in filled.json()["changes"]}
        unfit = client.post(
            "/api/v1/playbooks/sliding-scale/fill", json={"parameters": {"prediction": "peeks"}}, headers=headers
        )
        assert "prediction_not_targetable" in {problem["code"] for problem in unfit.json()["problems"]}
        refused = client.post(
            "/api/v1/playbooks/sliding-scale/apply", json={"parameters": {"prediction": "peeks"}}, headers=headers
        )
        assert {"prediction_not_targetable"} == {e["code"] for e in refused.json()["errors"] if e["severity"] == "error"}
        made = client.post(
            "/api/v1/playbooks/sliding-scale/apply", json={"parameters": {"prediction": "buys"}}, headers=headers
        )
        assert {"created"} == {change["action"] for change in made.json()["changes"]}
    shop.work()


def test_a_playbook_is_kept_as_drafts(embedded_shop: Shop) -> None:
    shop = embedded_shop
    shop.apply(PREDICTIONS)
    shop.work()
    with TestClient(shop.installation.make_api()) as client:
        headers = {"authorization": f"Bearer {shop.installation.admin_key}"}

        def draft(prediction: str, **more: Any) -> Any:
            body = {"parameters": {"prediction": prediction}, "language": "fr", **more}
            return client.post("/api/v1/playbooks/high-likelihood/draft", json=body, headers=headers)

        assert 400 == draft("peeks").status_code
        assert [] == client.get("/api/v1/definitions?kind=segment", headers=headers).json()["items"]

        made = {(one["kind"], one["id"]): one["action"] for one in draft("buys").json()["made"]}
        assert "drafted" == made["journey", "buys-likely"]
        assert "created" == made["segment", "buys-likely"]
        template = client.get("/api/v1/definitions/template/buys-cart-reminder", headers=headers).json()["definition"]
        assert ("draft", True) == (template["status"], "votre panier" in template["subject"])
        check = client.post("/api/v1/journeys/buys-likely/check", headers=headers).json()
        assert "draft" == check["of"]
        assert [] == client.get("/api/v1/definitions?kind=journey", headers=headers).json()["items"]

        assert {"kept"} == {one["action"] for one in draft("buys").json()["made"]}
        again = {(one["kind"], one["id"]): one["action"] for one in draft("buys", replace=True).json()["made"]}
        assert "drafted" == again["journey", "buys-likely"]
        assert "unchanged" == again["segment", "buys-likely"]
