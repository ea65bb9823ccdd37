/** The child's end of the channel to the process that started it. */
export interface ChildPort {
  /** The one argument given to `startChild`, not parsed yet. */
  readonly argument: unknown;
  readonly tell: (message: Readonly<Record<string, unknown>>) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
}

/** Opens the channel and makes this process end when its parent goes away. Throws when it was not started by `startChild`. */
export function openChildPort(): ChildPort {
  if (process.send === undefined) throw new Error('This module is a child of the benchmark. Start it through npm run bench.');
  process.once('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent decides when a child ends.
  process.on('SIGINT', () => {});
  return {
    argument: JSON.parse(process.argv[2] ?? 'null'),
    tell: (message) => process.send?.(message),
    onMessage: (listener) => {
      process.on('message', listener);
    },
  };
}
