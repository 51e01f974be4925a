"""How the customer and the bank deal with each other: app and web, service, campaigns."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    MARKETING,
    PROFILING,
    Family,
    Rows,
    ratio,
)
from limner.features.relational.definitions import Ratio, SnapshotFeature, where

_RELATIONSHIP = (PROFILING, MARKETING)
USE = Family("digital_events", ANY_PURPOSE, events="events")
SECONDS = Family("digital_events", ANY_PURPOSE, of="seconds", unit="seconds")
SERVICE = Family("interactions", _RELATIONSHIP, events="interactions")
OFFERS = Family("campaign_contacts", _RELATIONSHIP, events="contacts")
ANSWERS = Family("campaign_responses", _RELATIONSHIP, events="responses")

_CAMPAIGN_DAYS = 730


def _kind(kind: str) -> Rows:
    return (where("kind", kind),)


def _topic(topic: str) -> Rows:
    return (where("topic", topic),)


def _service_channel(channel: str, en: str, zh: str) -> SnapshotFeature:
    words = Bilingual(f"share of interactions {en}", f"{zh}服务占比")
    return SERVICE.share(f"service_{channel}_share", words, (where("channel", channel),), (), 365)


_LOGIN_WORDS = Bilingual("logins", "登录次数")
_TREATED = (where("arm", "treated"),)

FEATURES = (
    *USE.times("login_count", _LOGIN_WORDS, _kind("login"), (30, 90)),
    *USE.times("failed_login_count", Bilingual("failed logins", "登录失败次数"),
               _kind("failed_login"), (90,)),
    *USE.times("digital_payment_count", Bilingual("payments in app or web bank", "线上支付次数"),
               _kind("payment"), (90,)),
    *USE.times("product_view_count", Bilingual("product pages viewed", "产品页浏览次数"),
               _kind("product_view"), (30, 90)),
    *USE.times("digital_support_count", Bilingual("visits to digital support", "线上求助次数"),
               _kind("support"), (90,)),
    USE.days_since("login", Bilingual("login", "登录"), _kind("login"), 365),
    USE.trend("login", _LOGIN_WORDS, _kind("login"), 30, 90),
    USE.trend("login", _LOGIN_WORDS, _kind("login"), 30, 180),
    USE.share("mobile_share", Bilingual("share of digital use on a phone", "移动端使用占比"),
              (where("device", "android", "ios"),), (), 90),
    *SECONDS.summary("mean", "visit_seconds_mean", Bilingual("mean visit length", "平均访问时长"),
                     (), (90,)),
    *SERVICE.times("interaction_count", Bilingual("contacts with customer service", "客服互动次数"),
                   (), (90, 365)),
    *SERVICE.times("complaint_count", Bilingual("complaints", "投诉次数"), _topic("complaint"),
                   (90, 365)),
    SERVICE.days_since("complaint", Bilingual("complaint", "投诉"), _topic("complaint"), 730),
    *SERVICE.times("fraud_contact_count", Bilingual("contacts about fraud", "欺诈相关咨询次数"),
                   _topic("fraud"), (365,)),
    *SERVICE.times("loan_contact_count", Bilingual("contacts about loans", "贷款相关咨询次数"),
                   _topic("loan"), (180,)),
    *SERVICE.times("fees_contact_count", Bilingual("contacts about fees", "费用相关咨询次数"),
                   _topic("fees"), (365,)),
    *SERVICE.times("unresolved_count", Bilingual("contacts not settled at once", "未即时解决次数"),
                   (where("resolved", "no"),), (180,)),
    SERVICE.share("unresolved_share", Bilingual("share of contacts not settled at once",
                                                "未即时解决占比"),
                  (where("resolved", "no"),), (where("resolved", "no", "yes"),), 365),
    _service_channel("branch", "at a branch", "网点"),
    _service_channel("phone", "by phone", "电话"),
    *OFFERS.times("campaign_contact_count", Bilingual("campaign offers received", "收到营销次数"),
                  _TREATED, (90, 365)),
    OFFERS.days_since("campaign_contact", Bilingual("campaign offer", "营销触达"), _TREATED,
                      _CAMPAIGN_DAYS),
    *ANSWERS.times("offers_taken_count", Bilingual("campaign offers taken", "接受营销次数"),
                   (where("response", "taken"),), (_CAMPAIGN_DAYS,)),
    *ANSWERS.times("offers_declined_count", Bilingual("campaign offers declined", "拒绝营销次数"),
                   (where("response", "declined"),), (_CAMPAIGN_DAYS,)),
    *ANSWERS.times("campaign_complaint_count", Bilingual("campaign complaints", "营销投诉次数"),
                   (where("response", "complained"),), (_CAMPAIGN_DAYS,)),
    ratio(f"offers_taken_share_{_CAMPAIGN_DAYS}d",
          Bilingual("offers taken compared with offers received", "营销接受率"),
          Ratio(ANSWERS.count(_CAMPAIGN_DAYS, (where("response", "taken"),)),
                OFFERS.count(_CAMPAIGN_DAYS, _TREATED)), _CAMPAIGN_DAYS, _RELATIONSHIP),
)  # fmt: skip
