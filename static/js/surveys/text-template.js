// Which of several languages a text is shown in.

export function pick(texts, language, fallback = "") {
  if (!texts) return "";
  if (typeof texts === "string") return texts;
  for (const key of [language, fallback, ""]) {
    if (texts[key]) return texts[key];
  }
  return Object.values(texts).find(Boolean) ?? "";
}

// "中文 (zh)" is shown as 中文 and marked as zh for screen readers and fonts.
export function languageName(language) {
  return language.replace(/\s*\([^)]*\)\s*$/, "") || language;
}

export function languageCode(language) {
  return /\(([A-Za-z-]+)\)\s*$/.exec(language)?.[1] ?? null;
}
