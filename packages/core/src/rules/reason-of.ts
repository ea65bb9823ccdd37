import { shorten } from './actual-value.ts';
import type { ConditionReport, FieldReport, GroupReport } from './condition-report.ts';
import { describeOperand } from './describe-condition.ts';
import { operators } from './operators.ts';

/** Longest reason, in characters. */
const longest = 500;

/**
 * Why a report's verdict is what it is, in one readable sentence of at most 500 characters, such as
 * `event.data.issue.labels: no item with name equals "bug"`.
 */
export function reasonOf(report: ConditionReport): string {
  return shorten(reason(report), longest);
}

function reason(report: ConditionReport): string {
  switch (report.kind) {
    case 'always':
      return 'there is no condition';
    case 'cel':
      return `${shorten(report.source.replace(/\s+/g, ' '), 80)}: ${report.error ?? (report.verdict ? 'holds' : 'does not hold')}`;
    case 'field':
      return fieldReason(report);
    case 'not':
      return report.error === undefined ? reason(report.condition) : `not: ${reason(report.condition)}`;
    default:
      return groupReason(report);
  }
}

// A group is decided by one part, or by all of them together.
function groupReason(report: GroupReport): string {
  const { conditions, error, kind } = report;
  if (conditions.length === 0) return kind === 'all' ? 'there is nothing to hold' : 'there is nothing that could hold';
  const deciding = conditions.find((part) =>
    error === undefined ? part.error === undefined && part.verdict === (kind === 'any') : part.error === error,
  );
  if (deciding !== undefined) return reason(deciding);
  const shown = conditions.slice(0, 3).map(reason).join('; ');
  return conditions.length > 3 ? `${shown}; and ${conditions.length - 3} more` : shown;
}

function fieldReason(report: FieldReport): string {
  const subject = report.field === '' ? 'value' : report.field;
  if (report.error !== undefined) return `${subject}: ${report.error}`;
  const { holds, fails } = operators[report.op];
  const verb = report.verdict ? holds : fails;
  if (report.items !== undefined) return `${subject}: ${itemsReason(report, verb)}`;
  const found = report.verdict || report.op === 'exists' || report.op === 'not_exists' ? '' : `, it is ${report.actual.text}`;
  const before = report.verdict || report.previous === undefined ? '' : ` and was ${report.previous.text}`;
  return `${subject}: ${describeOperand(verb, report.expected)}${found}${before}`;
}

function itemsReason(report: FieldReport, verb: string): string {
  const { actual, items } = report;
  if (actual.kind === 'absent' || actual.kind === 'null') return `${verb} ${items?.where ?? ''}, it is ${actual.text}`;
  return `${verb} ${items?.where ?? ''}`;
}
