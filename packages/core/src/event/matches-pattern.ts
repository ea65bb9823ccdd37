const shape = /^(\*|[A-Za-z0-9_-]+)(\.(\*|[A-Za-z0-9_-]+))*$/;

/** True for a well-formed type pattern: dotted segments, each a name or `*`. */
export function isEventPattern(pattern: string): boolean {
  return pattern.length <= 200 && shape.test(pattern);
}

/**
 * Does an event type match a pattern? `*` stands for exactly one segment, and as the last segment for one or more:
 * `github.issue.*` matches `github.issue.opened`, `*` matches everything.
 */
export function matchesPattern(pattern: string, type: string): boolean {
  if (pattern === '*' || pattern === type) return true;
  const wanted = pattern.split('.');
  const given = type.split('.');
  const open = wanted.at(-1) === '*';
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === '*' || segment === given[index]);
}
