/** What a migration finds that keeps it from being made, or that is to be known before it is. */
export interface MigrationFinding {
  /** What it is about. */
  readonly about:
    | 'status'
    | 'credential'
    | 'settings'
    | 'confinement'
    | 'scopes'
    | 'automation'
    | 'webhook'
    | 'polling'
    | 'content'
    | 'enrichment'
    | 'alert_rule'
    | 'mapping'
    | 'work';
  /** Name of the automation, id of the webhook, name of the source; `null` where it is about the connection. */
  readonly name: string | null;
  /** What it is, and what to do. Holds no secret. */
  readonly message: string;
}

/** What was found. */
export interface MigrationFindings {
  /** Each keeps the connection where it is. */
  readonly problems: readonly MigrationFinding[];
  /** What changes with it, and keeps nothing back. */
  readonly warnings: readonly MigrationFinding[];
}

/** Findings of several looks together. */
export function together(...found: readonly MigrationFindings[]): MigrationFindings {
  return { problems: found.flatMap(({ problems }) => problems), warnings: found.flatMap(({ warnings }) => warnings) };
}

/** A look that is made of findings, each a problem or a warning. */
export function findings(found: Iterable<MigrationFinding & { readonly keeps: boolean }>): MigrationFindings {
  const all = [...found];
  const of = (wanted: boolean) => all.filter(({ keeps }) => keeps === wanted).map(({ keeps: _, ...finding }) => finding);
  return { problems: of(true), warnings: of(false) };
}
