/** The major of a connector's version. */
export function majorOf(version: string): number {
  return Number(version.split('.', 1)[0]);
}
