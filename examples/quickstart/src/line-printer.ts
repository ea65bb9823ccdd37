import { styleText } from 'node:util';

/** Prints lines in the order in which they were asked for. */
export interface LinePrinter {
  /** Begins a part; its times count from here. */
  heading(title: string): void;
  /** A line with the time of this call. What has to be looked up for it holds up the lines behind it. */
  line(kind: string, describe: () => Promise<string> | string): void;
  /** A line that belongs to the one before and has no time of its own; `null` for none. */
  follow(describe: () => Promise<readonly [kind: string, text: string] | null>): void;
  /** Text without a time. */
  plain(text: string): void;
  /** Resolves when everything so far is printed. */
  printed(): Promise<void>;
}

type Tone = Parameters<typeof styleText>[0];

const tones: Readonly<Record<string, Tone>> = { refused: 'red', failed: 'yellow', 'no run': 'yellow', duplicate: 'yellow', done: 'green' };

/** A printer with colours only on a terminal, and not where `NO_COLOR` is set. */
export function createLinePrinter(output: NodeJS.WriteStream, noColor: string | undefined): LinePrinter {
  const coloured = output.isTTY && !noColor;
  const paint = (tone: Tone, text: string): string => (coloured ? styleText(tone, text, { validateStream: false }) : text);
  const labelled = (time: string, kind: string, text: string): string =>
    `${paint('dim', time.padStart(9))}  ${paint(tones[kind] ?? 'cyan', kind.padEnd(9))}  ${text}`;
  let begun = performance.now();
  let queue = Promise.resolve();
  const later = (print: () => Promise<string | null> | string): void => {
    queue = queue.then(async () => {
      const text = await print();
      if (text !== null) output.write(`${text}\n`);
    });
    queue.catch(() => undefined); // `printed` tells of it.
  };
  return {
    heading(title) {
      begun = performance.now();
      later(() => `\n${paint('bold', title)}`);
    },
    line(kind, describe) {
      const time = formatDuration(performance.now() - begun);
      later(async () => labelled(time, kind, await describe()));
    },
    follow(describe) {
      later(async () => {
        const found = await describe();
        return found && labelled('', ...found);
      });
    },
    plain: (text) => later(() => text),
    printed: () => queue,
  };
}

/** Milliseconds as people read them. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** The end of an id, which tells it from the others of its time. */
export function shorten(id: string): string {
  return `…${id.slice(-8)}`;
}
