"""Word lists of the made-up bank: no name, street or address is, or is drawn from, a person's."""

import numpy as np

from harbour.arrays import Texts


def _words(text: str) -> Texts:
    return np.array(text.split())


def _joined(first: str, second: str) -> Texts:
    left, right = _words(first), _words(second)
    return np.char.add(left[:, None], right[None, :]).ravel()


GIVEN_FEMALE = _words(
    "Alda Brina Cerys Delia Elsbeth Fenna Greta Hélène Ilsa Jorun Katrin Liesl Maren Nadine"
    " Odette Petra Rosalind Signe Thea Ulla Verena Wilma Zoë Agnes Clara Edith Hazel Ivy Mabel"
    " Nora Pearl Ruth Stella Vera Winifred"
)
GIVEN_MALE = _words(
    "Alden Bram Corin Dirk Edric Falk Gerrit Hugo Ivar Jasper Konrad Leif Milo Niels Oskar"
    " Piet Quentin Rolf Stellan Till Ulrich Viktor Wendel Yannick Zeno André Bernard Clive Edwin"
    " Frank Harold Leonard Magnus Oswald Walter"
)
FAMILY = _joined(
    "Al Ash Bren Brook Cal Car Dun El Fair Gren Hal Har Kel Lang Mar Mül Nor Oak Pem Rav Sel"
    " Stan Thorn Wal Wen Whit Wil Yar Zan Fjør",
    "bury combe dale den field ford gate ham hurst land leigh ley low man mere more ridge shaw"
    " stead ston ter ton wick win worth",
)
CHINESE_FAMILY = _words(
    "Bai Cai Chen Cheng Ding Fang Feng Gao Gu Han He Hu Huang Jiang Li Liang Lin Liu Lu Luo"
    " Meng Pan Qian Qin Shen Song Sun Tan Tang Wang Wei Wu Xie Xu Yan Yang Ye Yu Zhang Zhao"
    " Zheng Zhou Zhu"
)
CHINESE_GIVEN_FEMALE = _joined(
    "Xiao Mei Li Yu Jia Hui Xin Ya Shu Yue", "fang hua jing lan ling mei ning qin ting yan"
)
CHINESE_GIVEN_MALE = _joined(
    "Jian Zhi Wen Guo Hao Ming De Yong Zi Jun", "bo chao feng hai jie lei ping qiang tao wei"
)
STREETS = _joined(
    "Anchor Bell Canal Chapel Cooper Dock Ferry Garden Harbour Hill Lantern Market Mill Orchard"
    " Pier Quay Rope Sail Spring Tide",
    "-Street -Lane -Road -Row -Way -Square",
)
STREETS = np.char.replace(STREETS, "-", " ")
MAIL_HOSTS = np.array(["mail.example", "post.example", "inbox.example", "web.example"])

TOPICS = ("account", "app", "card", "complaint", "fees", "fraud", "loan", "other", "savings")
# Notes by topic, in the order above; each is completed by what was asked or promised.
NOTES = {
    "account": ("Asked for a statement of the last quarter.", "Changed the correspondence address.",
                "Wants a second card holder on the account.", "Asked how to close the account."),
    "app": ("Cannot log in after the update.", "Face recognition fails on the new telephone.",
            "Asked how to raise the daily limit in the app.", "App shows an old balance."),
    "card": ("Card was swallowed by a machine.", "Payment refused abroad, limit explained.",
             "Asked for a replacement card.", "Card did not arrive."),
    "complaint": ("Unhappy with the waiting time, mentioned another bank.",
                  "Third call on the same matter, considers leaving us.",
                  "Complains about the branch closing.", "Says nobody called back as promised."),
    "fees": ("Does not accept the account fee.", "Asked why the overdraft costs that much.",
             "Compared our fees with a competitor's.", "Fee waived once as goodwill."),
    "fraud": ("Reports a payment not made by the customer, card blocked.",
              "Received a suspicious message, no data given away.",
              "Unknown debit, claim opened.", "Asked whether a call came from us."),
    "loan": ("Cannot pay the next instalment in full, asked for a pause.",
             "Asked for an early settlement figure.", "Lost the job, wants a lower instalment.",
             "Asked for the conditions of a loan."),
    "other": ("General question, answered.", "Wrong department, transferred.",
              "Asked for the branch's opening hours.", "Survey call, no remarks."),
    "savings": ("Asked for the current deposit rate.", "Wants to move money to savings.",
                "Asked when the deposit falls due.", "Interested in the fund plan."),
}  # fmt: skip
