"""What the review page calls things, in English and Chinese."""

from collections.abc import Mapping

from limner.domain import Bilingual

SAMPLES: Mapping[str, Bilingual] = {
    "development": Bilingual("development", "开发样本"),
    "validation": Bilingual("validation", "验证样本"),
    "test": Bilingual("test", "测试样本"),
    "out_of_time": Bilingual("out of time", "时间外样本"),
    "cross_fitted": Bilingual("whole, cross-fitted", "全部样本（交叉拟合）"),
}

FIGURES: Mapping[str, Bilingual] = {
    "auc": Bilingual("AUC", "AUC 曲线下面积"),
    "gini": Bilingual("Gini", "基尼系数"),
    "ks": Bilingual("KS", "KS 统计量"),
    "average_precision": Bilingual("Average precision", "平均精确率"),
    "agreement": Bilingual("Agreement with the clustering", "与聚类的一致率"),
    "ece": Bilingual("Calibration error (ECE)", "期望校准误差"),
    "brier": Bilingual("Brier score", "Brier 分数"),
    "log_loss": Bilingual("Log loss", "对数损失"),
    "capture_10": Bilingual(
        "Events among the highest tenth of scores", "评分最高十分之一所含事件占比"
    ),
    "lift_10": Bilingual("Lift of the highest tenth", "最高十分之一的提升度"),
    "calibration_slope": Bilingual("Calibration slope", "校准斜率"),
    "calibration_intercept": Bilingual("Calibration intercept", "校准截距"),
    "mae": Bilingual("Mean absolute error (minor units)", "平均绝对误差（最小货币单位）"),
    "rmse": Bilingual("Root mean squared error (minor units)", "均方根误差（最小货币单位）"),
    "r2": Bilingual("Share of the variance explained (R²)", "可解释方差占比（R²）"),
    "rank_correlation": Bilingual("Rank correlation (Spearman)", "秩相关（Spearman）"),
    "captured_10": Bilingual(
        "Share of all money earned with the highest tenth", "预期最高十分之一客户所占总额比例"
    ),
    "bias": Bilingual("Mean expected less mean realised", "平均预期减平均实际"),
    "mean_expected": Bilingual("Mean expected amount", "平均预期金额"),
    "mean_realised": Bilingual("Mean realised amount", "平均实际金额"),
    "coverage": Bilingual("Amounts within their interval", "落入区间的金额占比"),
    "lowest_tier_coverage": Bilingual(
        "The same, in the tier where it is lowest", "覆盖率最低等级的该占比"
    ),
    "mean_width": Bilingual("Mean width of the interval", "区间平均宽度"),
    "worst_auc": Bilingual("Lowest AUC of a product", "各产品中最低 AUC"),
    "worst_ece": Bilingual("Highest calibration error of a product", "各产品中最大校准误差"),
    "mean_auc": Bilingual("Mean AUC of the products", "各产品 AUC 均值"),
    "hit_1": Bilingual("Takers whose first recommendation is taken", "首选命中率"),
    "hit_3": Bilingual("Takers of one of the first three", "前三命中率"),
    "hit_1_over_popular": Bilingual(
        "First recommendation taken, over the most popular product", "首选命中率较最受欢迎产品之差"
    ),
    "hit_1_over_chance": Bilingual(
        "First recommendation taken, over a product drawn by chance", "首选命中率较随机之差"
    ),
    "value": Bilingual("Value a customer", "每位客户的价值"),
    "adjusted_rand": Bilingual("Adjusted Rand index", "调整兰德指数"),
    "month_to_month_rand": Bilingual("Adjusted Rand index from month to month", "逐月调整兰德指数"),
    "score_psi": Bilingual("PSI of the score", "评分 PSI"),
    "selection_ratio": Bilingual("Lowest selection rate over the highest", "最低与最高获选率之比"),
    "additivity_gap": Bilingual("Additivity gap", "可加性误差"),
}

# What the learning curve of a family shows; the last says whether more data would help.
LEARNT: Mapping[str, tuple[str, str]] = {
    "probability": ("auc", "log_loss"),
    "amount": ("r2", "mae"),
    "choice": ("hit_1", "mean_auc"),
}
LOWER_IS_BETTER = frozenset({"ece", "brier", "log_loss", "mae", "rmse", "mean_width"})
# Neither high nor low is good: the figure at which probabilities mean what they say.
IDEAL: Mapping[str, str] = {
    "calibration_slope": "1",
    "calibration_intercept": "0",
    "bias": "0",
    "coverage": "promised",
    "lowest_tier_coverage": "promised",
    "mean_expected": "realised",
    "mean_realised": "expected",
}
# What a model of amounts is held against.
SIMPLER: Mapping[str, Bilingual] = {
    "mean": Bilingual("everybody's mean", "全体均值"),
    "before": Bilingual("the months before, carried on", "前几个月按比例延续"),
    "linear": Bilingual("ridge regression", "岭回归"),
}
RATES: Mapping[str, Bilingual] = {
    "deposit_spread": Bilingual("spread on current accounts, a year", "活期存款年利差"),
    "savings_spread": Bilingual(
        "spread on savings and term deposits, a year", "储蓄及定期存款年利差"
    ),
    "lending_spread": Bilingual("spread on loans, a year", "贷款年利差"),
    "overdraft_share": Bilingual("share of overdraft interest", "透支利息占比"),
    "interchange": Bilingual("share of card payments", "刷卡手续费率"),
    "monthly_cost_minor": Bilingual("cost a month, minor units", "每月成本（最小货币单位）"),
}

CALIBRATIONS: Mapping[str, Bilingual] = {
    "none": Bilingual("none: the trees' probability as it is", "不校准"),
    "platt": Bilingual("platt: a line over the log-odds", "Platt：对数几率的线性映射"),
    "beta": Bilingual("beta: a line bent at either end", "Beta：两端弯曲的映射"),
    "isotonic": Bilingual("isotonic: a rising step curve", "保序：递增折线"),
}

DECISIONS: Mapping[str, Bilingual] = {
    "model": Bilingual("model, at the threshold of highest value", "模型（价值最高的阈值）"),
    "served": Bilingual("model, at the threshold in use", "模型（现行阈值）"),
    "baseline": Bilingual("baseline, at its own threshold", "基线（其自身阈值）"),
    "everyone": Bilingual("no model: acting on everyone", "无模型：对所有人行动"),
    "nobody": Bilingual("no model: acting on nobody", "无模型：不行动"),
}

DISTURBANCES: Mapping[str, Bilingual] = {
    "noise": Bilingual("noise, in shares of each feature's spread", "噪声（占各特征离散程度）"),
    "missing": Bilingual("values taken away", "随机缺失"),
}

WEAKNESSES: Mapping[str, Bilingual] = {
    "calibration": Bilingual("number of events", "事件数"),
    "log_loss": Bilingual("log loss", "对数损失"),
}

SEVERITIES: Mapping[str, Bilingual] = {
    "blocking": Bilingual("blocking", "阻断"),
    "high": Bilingual("high", "高"),
    "medium": Bilingual("medium", "中"),
    "low": Bilingual("low", "低"),
}

PURPOSES: Mapping[str, Bilingual] = {
    "profiling": Bilingual("profiling", "客户画像"),
    "credit": Bilingual("credit", "信贷"),
    "marketing": Bilingual("marketing", "营销"),
}

VERDICTS: Mapping[str, Bilingual] = {
    "below the limit": Bilingual("below the limit", "低于限值"),
    "within the limit": Bilingual("within the limit", "在限值之内"),
    "insufficient evidence": Bilingual("insufficient evidence", "证据不足"),
}

TRAINING: Mapping[str, Bilingual] = {
    "max_depth": Bilingual("levels of a tree, at most", "树的最大深度"),
    "learning_rate": Bilingual("share of each tree's step that is taken", "学习率"),
    "rounds": Bilingual("rounds, at most", "最多训练轮数"),
    "early_stopping": Bilingual(
        "rounds without a better validation loss before training stops", "早停轮数"
    ),
    "min_child_weight": Bilingual("least sum of hessians in a leaf", "叶节点最小权重"),
    "subsample": Bilingual("share of rows drawn for a tree", "每棵树的行抽样比例"),
    "column_sample": Bilingual("share of features drawn for a tree", "每棵树的特征抽样比例"),
    "l2": Bilingual("penalty on leaf weights", "L2 正则化"),
}

# What the drafting judged a column to be.
JUDGED_COLUMNS: Mapping[str, Bilingual] = {
    "leak": Bilingual("suspected of knowing the outcome", "疑似已含结果信息"),
    "strong": Bilingual("strong alone", "单独预测力强"),
    "duplicate": Bilingual("says what another column says", "与其他字段重复"),
    "protected": Bilingual("protected attribute", "受保护属性"),
    "dropped": Bilingual("dropped by a person", "人工排除"),
    "identifier": Bilingual("suspected identifier", "疑似个人标识"),
    "free text": Bilingual("free text", "自由文本"),
    "many values": Bilingual("too many values", "取值过多"),
}

HASHES: Mapping[str, str] = {
    "fitted model": "已训练模型",
    "sample": "样本表",
    "trusted tables": "可信数据表",
    "extract": "原始提取文件",
    "settings": "参数设置",
    "params.yaml": "参数文件",
    "code": "代码",
    "uv.lock": "依赖锁定文件",
}


def figure_words(name: str) -> Bilingual:
    """Name a figure; one without words of its own keeps its key."""
    return FIGURES.get(name, Bilingual(name.replace("_", " "), name))


def sample_words(name: str) -> Bilingual:
    """Name a sample."""
    return SAMPLES.get(name, Bilingual(name.replace("_", " "), name))


def gate_words(metric: str) -> Bilingual:
    """Name what a gate is on.

    >>> gate_words("test/auc").en
    'AUC, test sample'
    """
    sample, _, rest = metric.partition("/")
    name, _, attribute = rest.partition("/")
    if attribute in FIGURES and name not in FIGURES:
        # Of one product, such as test/card/auc.
        name, attribute = attribute, name
    figure = figure_words(name or sample)
    of = f" ({attribute.replace('_', ' ')})" if attribute else ""
    if sample not in SAMPLES:
        return Bilingual(figure.en + of, figure.zh + of)
    place = SAMPLES[sample]
    return Bilingual(f"{figure.en}{of}, {place.en} sample", f"{figure.zh}{of}，{place.zh}")


def finding_in_chinese(identity: str) -> str | None:
    """Say in Chinese what a finding is about, from its id; figures stay in the statement."""
    if identity in _WHOLE:
        return _WHOLE[identity]
    kind, _, rest = identity.partition("/")
    sample, _, attribute = rest.partition("/")
    place = sample_words(sample).zh
    match kind:
        case "gate":
            return f"未达到门槛：{gate_words(rest).zh}。"
        case "out_of_time":
            return _OUT_OF_TIME.get(rest)
        case "suspicion":
            return f"{place}：区分能力高得可疑，须作解释：通常是特征泄漏了结果。"
        case "fairness" if attribute.endswith("/thin"):
            return f"{place}，{attribute.removesuffix('/thin')}：部分组别证据不足，不作通过结论。"
    words = _BY_KIND.get(kind)
    return words.format(place, attribute) if words else None


_RANKING = "时间外样本的{}明显低于随机测试样本：测试样本的数字不能代表未来月份。"
_OUT_OF_TIME = {
    "none": "没有时间外样本：模型随时间的表现未获证实。",
    "ece": "时间外样本的校准误差明显高于测试样本：未来月份的概率不可照字面理解。",
    "auc": _RANKING.format("区分能力"),
    "agreement": _RANKING.format("一致率"),
    "rank_correlation": _RANKING.format("排序能力"),
}

# Why customers of a bank are not in a model's samples; an outcome's own reasons have no Chinese.
EXCLUSIONS = {
    "consent withdrawn": "撤回同意",
    "history too short": "历史过短",
    "left the bank": "已离行",
    "immature: performance window not wholly observed": "表现期未观察完整",
    "performance window reaches into the out-of-time period": "表现期延伸至时间外区间",
    "out of time, but in another sample before": "属时间外区间，但已在其他样本中",
    "in default already": "已违约",
    "no open loan": "无未结清贷款",
    "no current account open": "无活期账户",
    "no loan granted in the month after": "次月未获贷款",
    "how the loan ended is not known": "贷款结果未知",
    "dormant already": "已休眠",
}

_WHOLE = {
    "unwritten/placeholders": "部分供客户与审查人阅读的文字尚未填写：填写之前不得成为现任模型。",
    "drift/portfolio": "该客户组合的最新客户与开发样本的客户存在差异，见第7节。",
    "fairness/none_recorded": "该客户组合未记录任何受保护属性：模型对各群体的影响未获证实。",
    "fairness/unrecorded": "该客户组合未记录部分受保护属性：模型对其各组的影响未获证实。",
}
_BY_KIND = {
    "coverage": "{}：部分等级的区间覆盖率低于承诺水平，见第8节。",
    "simpler": "{}：模型未以超出区间的幅度优于更简单的方法（{}），见第9节。",
    "amount_bins": "{}：部分分箱的平均预期金额不在平均实际金额的区间内，见第4节。",
    "bias": "{}：预期金额整体偏高或偏低，超出区间，见第4节。",
    "fairness": "{}，{}：最低获选率与最高获选率之比低于限值。",
    "recommended": "{}：推荐未以超出区间的幅度优于最受欢迎的产品，见第9节。",
    "product_ranking": "{}：部分产品的区分能力未超出随机水平，见第8节。",
    "baseline": "{}：模型未以超出区间的幅度优于简单评分卡，见第9节。",
    "plain_defaults": "{}：XGBoost 默认设置的区分能力以超出区间的幅度优于模型，见第9节。",
    "weak_spots": "{}：部分客群的结果与模型概率明显不符，见第10节。",
    "group_calibration": "{}：部分组别的观察与预期事件之比的区间不含 1，见第4节。",
    "value": "{}：模型决策的价值未以超出区间的幅度高于无模型，见第11节。",
}
