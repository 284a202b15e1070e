"""How well predictions rank and how far they can be trusted, on public data, beside simple models.

    python benchmarks/bench_predictions.py --data FOLDER [--only NAME ...] [--json]

The folder holds online_retail_ii, cdnow, complete_journey/, hillstrom_email and insurance_mailing_train as gzipped CSV; the
data is not part of this repository. The protocol: features strictly before T, the label is the event in [T, T + N),
everybody seen before T is asked about; the three newest T, 30 days (or a window, if that is shorter) apart, averaged; the
whole build is made anew for each T from what was received before it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY, parse_instant
from relance.predictions.evaluate import Request, evaluate
from relance.predictions.target import parse_target
from relance.predictions.uplift.evaluate import evaluate_uplift
from relance.predictions.uplift.table import read_columns, read_experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ORDER = "Order Completed"
# AUC, average precision, Brier, calibration error, lift of the first tenth
BASELINES: dict[str, dict[str, tuple[float, ...]]] = {
    "online-retail-30": {"rfm": (0.782, 0.569, 0.1442, 0.047, 2.92), "bgnbd": (0.794, 0.590, 0.1429, 0.057, 3.02), "lightgbm": (0.800, 0.609, 0.1384, 0.055, 3.12)},
    "online-retail-90": {"rfm": (0.801, 0.737, 0.1768, 0.043, 2.24), "bgnbd": (0.811, 0.756, 0.1726, 0.051, 2.29), "lightgbm": (0.812, 0.762, 0.1726, 0.064, 2.32)},
    "cdnow-30": {"rfm": (0.843, 0.349, 0.0451, 0.019, 5.14), "bgnbd": (0.845, 0.355, 0.0444, 0.016, 5.11), "lightgbm": (0.846, 0.337, 0.0447, 0.015, 5.14)},
    "cdnow-90": {"rfm": (0.819, 0.526, 0.0948, 0.027, 3.97), "bgnbd": (0.814, 0.517, 0.0971, 0.042, 3.91), "lightgbm": (0.816, 0.522, 0.0946, 0.028, 3.98)},
    "journey-14": {"rfm": (0.781, 0.744, 0.1920, 0.054, 1.97), "bgnbd": (0.779, 0.742, 0.1895, 0.036, 1.94), "lightgbm": (0.785, 0.747, 0.1877, 0.044, 2.01)},
    "coupons-30": {"rfm": (0.804, 0.309, 0.0378, 0.029, 6.01), "lightgbm": (0.896, 0.326, 0.0396, 0.035, 5.88)},
}  # fmt: skip
ECE_LIMITS = {"online-retail-30": 0.04, "online-retail-90": 0.04, "cdnow-30": 0.02, "cdnow-90": 0.02, "coupons-30": 0.04}
UPLIFT = {
    "insurance": ("insurance_mailing_train.csv.gz", "TREATMENT", "PURCHASE", None, None, 21.0),
    "womens-visit": ("hillstrom_email.csv.gz", "segment", "visit", "Womens E-Mail", "No E-Mail", 5.0),
    "mens-visit": ("hillstrom_email.csv.gz", "segment", "visit", "Mens E-Mail", "No E-Mail", None),
}


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as text:
        yield from csv.DictReader(text)


def online_retail(data: Path) -> list[dict[str, Any]]:
    """One event an invoice; who they are is told with the first."""
    invoices: dict[str, dict[str, Any]] = {}
    for row in rows_of(data / "online_retail_ii.csv.gz"):
        if row["customer_id"]:
            kept = invoices.setdefault(row["invoice"], {"user": row["customer_id"], "at": row["invoice_date"], "country": row["country"],
                                                        "total": 0.0, "quantity": 0, "codes": set()})  # fmt: skip
            kept["total"] += int(row["quantity"]) * float(row["price"])
            kept["quantity"] += int(row["quantity"])
            kept["codes"].add(row["stock_code"])
    events, met = [], set()
    for number, invoice in invoices.items():
        at, user = invoice["at"].replace(" ", "T") + "Z", invoice["user"]
        if user not in met:
            met.add(user)
            events.append({"type": "identify", "userId": user, "timestamp": at, "traits": {"country": invoice["country"]}})
        name = "Order Cancelled" if number.startswith("C") else ORDER
        products = [{"product_id": code} for code in sorted(invoice["codes"])]
        events.append(track(user, name, at, total=round(invoice["total"], 2), quantity=invoice["quantity"], products=products))
    return events


def cdnow(data: Path) -> list[dict[str, Any]]:
    return [
        track(r["customer_id"], ORDER, r["date"] + "T00:00:00Z", total=float(r["value"]), quantity=int(r["cds"]))
        for r in rows_of(data / "cdnow.csv.gz")
    ]


def complete_journey(data: Path) -> list[dict[str, Any]]:
    """One event a basket, one a campaign that was received (on its first day), one a coupon; households are told at the start."""
    folder = data / "complete_journey"
    departments = {r["product_id"]: r["department"] for r in rows_of(folder / "products.csv.gz")}
    baskets: dict[str, dict[str, Any]] = {}
    for row in rows_of(folder / "transactions_sample.csv.gz"):
        kept = baskets.setdefault(row["basket_id"], {"user": row["household_id"], "at": row["transaction_timestamp"], "store": row["store_id"],
                                                     "total": 0.0, "discount": 0.0, "coupon": 0.0, "lines": []})  # fmt: skip
        kept["total"] += float(row["sales_value"])
        kept["discount"] += float(row["retail_disc"])
        kept["coupon"] += float(row["coupon_disc"]) + float(row["coupon_match_disc"])
        kept["lines"].append({"department": departments.get(row["product_id"], "")})
    events = [
        track(b["user"], ORDER, b["at"].replace(" ", "T") + "Z", total=round(b["total"], 2), quantity=len(b["lines"]), store_id=b["store"],
              discount=round(b["discount"], 2), coupon_discount=round(b["coupon"], 2), products=b["lines"])
        for b in baskets.values()
    ]  # fmt: skip
    campaigns = {r["campaign_id"]: r for r in rows_of(folder / "campaign_descriptions.csv.gz")}
    for row in rows_of(folder / "campaigns.csv.gz"):
        told = campaigns[row["campaign_id"]]
        at = told["start_date"] + "T00:00:00Z"
        events.append(
            track(
                row["household_id"],
                "Campaign Received",
                at,
                campaign_id=row["campaign_id"],
                campaign_type=told["campaign_type"],
            )
        )
    for row in rows_of(folder / "coupon_redemptions.csv.gz"):
        at = row["redemption_date"] + "T12:00:00Z"
        events.append(
            track(row["household_id"], "Coupon Redeemed", at, coupon_id=row["coupon_upc"], campaign_id=row["campaign_id"])
        )
    for row in rows_of(folder / "demographics.csv.gz"):
        traits = {k: v for k, v in row.items() if v and k != "household_id"}
        events.append(
            {"type": "identify", "userId": row["household_id"], "timestamp": "2017-01-01T00:00:00Z", "traits": traits}
        )
    return events


def track(user: str, event: str, at: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": event, "timestamp": at, "properties": properties}


SETS: dict[str, tuple[Callable[[Path], list[dict[str, Any]]], str, int, str, str | None]] = {
    "online-retail-30": (online_retail, ORDER, 30, "2011-12-09T12:50:00Z", None),
    "online-retail-90": (online_retail, ORDER, 90, "2011-12-09T12:50:00Z", "total"),
    "cdnow-30": (cdnow, ORDER, 30, "1998-07-01T00:00:00Z", None),
    "cdnow-90": (cdnow, ORDER, 90, "1998-07-01T00:00:00Z", "total"),
    "journey-14": (complete_journey, ORDER, 14, "2018-01-01T05:00:00Z", None),
    "coupons-30": (complete_journey, "Coupon Redeemed", 30, "2018-01-01T05:00:00Z", None),
}


def run_prediction(name: str, data: Path) -> dict[str, Any]:
    read, target, days, ends, value = SETS[name]
    items = [json.dumps(e).encode() for e in sorted(read(data), key=lambda e: str(e["timestamp"]))]
    end, window = parse_instant(ends) or 0, days * DAY
    futures, chosen, began = [], [], time.process_time()
    for back in range(3):
        at = end - window - back * min(window, 30 * DAY)
        report = evaluate(items, Request(parse_target(target, value=value), window, at, end)).report
        futures.append(report["future"])
        chosen.append(report["chosen_model"])
        print(f"  {name} {report['as_of'][:10]} {report['chosen_model']} {report['training']['level']} "
              f"{[round(v, 4) for v in figures_of(report['future'])]}", file=sys.stderr, flush=True)  # fmt: skip
    found: dict[str, Any] = {
        "figures": np.mean([figures_of(f) for f in futures], axis=0).tolist(),
        "categories": categories_of(futures),
        "chosen": chosen,
        "seconds": time.process_time() - began,
    }
    if value:
        found["value_ratio"] = [f["value"]["ratio"] for f in futures]
    return found


def figures_of(future: dict[str, Any]) -> list[float]:
    return [future["auc"], future["average_precision"], future["brier"], future["ece"], future["lift_by_decile"][0]]


def categories_of(futures: list[dict[str, Any]]) -> dict[str, float]:
    """Seen by said, over the three cut-offs together."""
    ratios = {}
    for name in ("low", "medium", "high"):
        rates = [(c["n"], c["predicted"] or 0.0, c["observed"] or 0.0) for f in futures if (c := f["categories"][name])["n"]]
        ratios[name] = sum(n * seen for n, _, seen in rates) / max(sum(n * said for n, said, _ in rates), 1e-9)
    return ratios


def judge(name: str, figures: list[float]) -> list[str]:
    """What falls short."""
    best, simple = BASELINES[name]["lightgbm"], BASELINES[name]["rfm"]
    faults = []
    if figures[0] < best[0] - 0.003:
        faults.append("AUC below LightGBM - .003")
    if round(figures[0], 3) < simple[0]:
        faults.append("AUC below RFM")
    if round(figures[2], 4) > best[2]:
        faults.append("Brier above LightGBM")
    if figures[3] > ECE_LIMITS.get(name, 1.0):
        faults.append(f"calibration error above {ECE_LIMITS[name]}")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[*SETS, *UPLIFT])
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    results: dict[str, Any] = {}
    for name in args.only:
        if name in SETS:
            found = results[name] = run_prediction(name, args.data)
            found["faults"] = judge(name, found["figures"])
            if not args.json:
                for rival, figures in BASELINES[name].items():
                    print(f"{name:18} {rival:9} " + " ".join(f"{v:.4f}" for v in figures))
                print(
                    f"{name:18} relance   " + " ".join(f"{v:.4f}" for v in found["figures"]),
                    found.get("value_ratio", ""),
                    found["faults"],
                    flush=True,
                )
                print(f"{'':18} seen / said " + ", ".join(f"{k} {v:.2f}" for k, v in found["categories"].items()), flush=True)
        else:
            file, treatment, outcome, treated, control, wanted = UPLIFT[name]
            table = read_experiment(
                read_columns(args.data / file), treatment=treatment, outcome=outcome, treated=treated, control=control
            )
            report = evaluate_uplift(table).report
            falls_short = report["detectable"] if wanted is None else report["qini_x1000"] < wanted or not report["detectable"]
            results[name] = {**report, "faults": ["other than expected"] if falls_short else []}
            if not args.json:
                print(
                    f"{name:18} {report['verdict']}: {report['qini_x1000']:.1f} {report['interval']} {results[name]['faults']}",
                    flush=True,
                )
    if args.json:
        print(json.dumps(results, indent=1))
    sys.exit(1 if any(r["faults"] for r in results.values()) else 0)


if __name__ == "__main__":
    main()
