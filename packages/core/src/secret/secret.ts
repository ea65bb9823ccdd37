/**
 * A value that must not be seen. It prints as `[redacted]` wherever it is turned into text, and has no property of its own to copy.
 * It is an interface without private fields, so the secrets of two installed copies of the package are one type.
 */
export interface Secret {
  /** Answers the value. `purpose` says what for, in a few words; an empty one throws a TypeError. */
  reveal(purpose: string): string;
  /** Always `[redacted]`. */
  toString(): string;
  /** Always `[redacted]`. */
  toJSON(): string;
}
