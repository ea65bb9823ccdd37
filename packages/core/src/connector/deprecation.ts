/** Says of a connector, an action or a trigger that it goes away. It works as before until then. */
export interface Deprecation {
  /** For a person: why, and what to do. At most 500 characters. */
  readonly message: string;
  /** The day after which it need not work any more, `2027-06-30`. @default nobody has said */
  readonly sunset?: string;
  /** What takes its place: a version of the connector, a name of an action or trigger. @default nothing */
  readonly replacedBy?: string;
}

const longest = 500;

/** What keeps a deprecation from being told, or `undefined`. */
export function deprecationFault(what: string, deprecated: Deprecation | undefined): string | undefined {
  if (deprecated === undefined) return undefined;
  const { message, sunset, replacedBy } = deprecated ?? {};
  if (typeof message !== 'string' || message.trim() === '' || message.length > longest)
    return `the deprecation of ${what} needs a message of 1 to ${longest} characters`;
  if (sunset !== undefined && !isDay(sunset)) return `the sunset of ${what} must be a day, such as 2027-06-30`;
  const isNamed = replacedBy === undefined || (typeof replacedBy === 'string' && replacedBy !== '' && replacedBy.length <= 200);
  return isNamed ? undefined : `the replacedBy of ${what} must be a name of 1 to 200 characters`;
}

/** A deprecation in one sentence or two. */
export function deprecationText({ message, sunset, replacedBy }: Deprecation): string {
  const place = replacedBy === undefined ? '' : ` Use ${replacedBy}.`;
  return `${message}${place}${sunset === undefined ? '' : ` It works until ${sunset}.`}`;
}

function isDay(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
