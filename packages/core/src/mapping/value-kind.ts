/** What a value is, in the words that faults use. */
export type ValueKind = 'absent' | 'null' | 'boolean' | 'number' | 'text' | 'list' | 'object' | 'other';

/** The kind of a value. */
export function kindOfValue(value: unknown): ValueKind {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    case 'object':
      return 'object';
    default:
      return 'other';
  }
}
