//! The page's own words in Russian: headings, table heads, buttons. Titles come from the model.

/// Words that the script writes.
pub(crate) const SCRIPT: [&str; 3] = ["Level", "Difference from baseline", "Percent of baseline"];

const WORDS: [(&str, &str); 60] = [
    ("What the model says", "Что говорит модель"),
    ("Timeline", "Хроника"),
    ("Baseline and scenarios", "Базовый расчёт и сценарии"),
    ("Evidence", "Свидетельства"),
    ("What was assumed", "Что принято на веру"),
    ("Books", "Счета"),
    ("Why", "Почему"),
    ("Equations", "Уравнения"),
    ("Data", "Данные"),
    ("Baseline", "Базовый расчёт"),
    ("Level", "Уровень"),
    ("Difference from baseline", "Отличие от базового"),
    ("Percent of baseline", "В процентах к базовому"),
    (
        "range over rival explanations",
        "размах соперничающих объяснений",
    ),
    ("log scale", "логарифмическая шкала"),
    ("Numbers", "Числа"),
    ("Period", "Период"),
    ("When", "Когда"),
    ("Observed", "Измерено"),
    ("Model", "Модель"),
    ("Band", "Допуск"),
    ("Use", "Назначение"),
    ("Quantity", "Величина"),
    ("Gap", "Разрыв"),
    ("Allowed", "Допустимо"),
    ("Where it fails", "Где модель ошибается"),
    (
        "Against guesses that need no model",
        "Против догадок, которым не нужна модель",
    ),
    ("Scoreboard", "Таблица счёта"),
    ("Values", "Значений"),
    ("No change", "Без перемен"),
    ("Constant growth", "Постоянный рост"),
    (
        "Claims, with their speaker",
        "Утверждения и кто их высказал",
    ),
    ("All claims", "Все утверждения"),
    ("Claim", "Утверждение"),
    ("Speaker", "Кто говорит"),
    ("Claimed", "Утверждается"),
    ("Verdict", "Итог"),
    ("The model’s own checks", "Собственные проверки модели"),
    ("Meaning", "Смысл"),
    ("Value", "Значение"),
    ("Range", "Пределы"),
    ("Ground", "Основание"),
    ("Text", "Текст"),
    ("assumed", "принято на веру"),
    ("Who paid whom in", "Кто кому платил,"),
    (
        "What each sector owns and owes, end of",
        "Чем сектор владеет и что должен, на конец",
    ),
    ("Balance sheet", "Баланс"),
    ("Transactions-flow matrix", "Матрица потоков"),
    ("Revaluation matrix", "Матрица переоценки"),
    ("Net worth", "Чистое имущество"),
    ("Net gain", "Чистый выигрыш"),
    ("Influence", "Влияние"),
    ("Strength", "Сила"),
    ("Its value", "Его значение"),
    ("All equations", "Все уравнения"),
    ("The model’s text", "Текст модели"),
    ("What this page leaves out", "Чего нет на этой странице"),
    ("How it was made", "Как это сделано"),
    ("Command", "Команда"),
    ("Files", "Файлы"),
];

/// The Russian form of one of the page's own words.
pub(crate) fn russian(word: &str) -> Option<&'static str> {
    let found = WORDS.iter().find(|(english, _)| *english == word);
    found.map(|(_, russian)| *russian)
}
