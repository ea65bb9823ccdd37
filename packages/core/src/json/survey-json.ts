/** What a parsed value holds. */
export interface JsonSurvey {
  /** Members of all its objects together. */
  readonly members: number;
  /** It holds a number that stands for others too, because a double cannot hold it: one beyond 2^53 - 1, or beyond all doubles. */
  readonly hasUnsafeNumber: boolean;
}

/** Goes once over a value that `JSON.parse` has made, of bounded depth. */
export function surveyJson(value: unknown): JsonSurvey {
  const survey = { members: 0, hasUnsafeNumber: false };
  look(value, survey);
  return survey;
}

function look(value: unknown, survey: { members: number; hasUnsafeNumber: boolean }): void {
  if (typeof value === 'number') {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) survey.hasUnsafeNumber = true;
  } else if (Array.isArray(value)) for (const item of value) look(item, survey);
  else if (typeof value === 'object' && value !== null) {
    const items = Object.values(value);
    survey.members += items.length;
    for (const item of items) look(item, survey);
  }
}
