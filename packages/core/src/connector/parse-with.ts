import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { issueTexts } from './issue-texts.ts';
import type { Schema, SchemaOutput, SchemaResult } from './schema.ts';

/** Most faults named in one message. */
const shownIssues = 5;
/** Most faults listed in the details. */
const listedIssues = 50;

/** What a parse is about, for the error. */
export interface ParseSubject {
  readonly code: Extract<
    ErrorCode,
    'invalid_input' | 'invalid_output' | 'invalid_event' | 'invalid_argument' | 'response_invalid' | 'configuration_invalid'
  >;
  /** What was parsed, `The input of jira.create_issue`. */
  readonly what: string;
  /** What the reader can do about it. */
  readonly advice: string;
}

/**
 * Parses a value by a Standard Schema. Throws a {@link PatchbayError} of the subject's code that names the faulty paths and never
 * their values. Asynchronous schemas are awaited; a synchronous one costs no turn when awaited through {@link parseNow}.
 */
export async function parseWith<S extends Schema>(schema: S, value: unknown, subject: ParseSubject): Promise<SchemaOutput<S>> {
  return accept<S>(await schema['~standard'].validate(value), value, subject);
}

/** Like {@link parseWith}, without a turn where the schema answers at once. */
export function parseSoon<S extends Schema>(schema: S, value: unknown, subject: ParseSubject): SchemaOutput<S> | Promise<SchemaOutput<S>> {
  const result = schema['~standard'].validate(value);
  return 'then' in result ? result.then((later) => accept<S>(later, value, subject)) : accept<S>(result, value, subject);
}

/** Like {@link parseWith} for schemas that answer at once; one that answers by promise is refused as `unsupported`. */
export function parseNow<S extends Schema>(schema: S, value: unknown, subject: ParseSubject): SchemaOutput<S> {
  const result = schema['~standard'].validate(value);
  if ('then' in result) {
    // Nobody waits for it any more, and a rejection nobody handles would end the process.
    result.then(undefined, () => undefined);
    throw new PatchbayError({ code: 'unsupported', message: `${subject.what} has an asynchronous schema. Use one that answers at once.` });
  }
  return accept<S>(result, value, subject);
}

function accept<S extends Schema>(result: SchemaResult<unknown>, value: unknown, subject: ParseSubject): SchemaOutput<S> {
  if (result.issues) {
    const issues = issueTexts(result.issues, { value, limit: listedIssues });
    const more = result.issues.length > shownIssues ? ` and ${result.issues.length - shownIssues} more` : '';
    throw new PatchbayError({
      code: subject.code,
      message: `${subject.what} is not valid: ${issues.slice(0, shownIssues).join('; ')}${more}. ${subject.advice}`,
      details: { issues },
    });
  }
  // The schema's own word for the type of what it parsed.
  return result.value as SchemaOutput<S>;
}
