import { unreadable } from './calendar-fault.ts';

/** Properties of an event that say on which days it is. */
const wanted: ReadonlySet<string> = new Set(
  'BEGIN END UID STATUS DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID'.split(' '),
);

/** Longest line that is looked at, characters: a year of exceptions in one line is 4,000. And most lines: eight of each event. */
const longestLine = 20_000;
const mostLines = 40_000;

/**
 * The lines of an iCalendar text that say on which days its events are. All else stays behind before anybody parses it: alarms, pictures, and the rules
 * of time zones, of which one may keep a library busy for ever. Throws `invalid_argument` for a line that nobody could need.
 */
export function calendarLines(text: string): string {
  const kept: string[] = [];
  const open: string[] = [];
  for (const line of unfolded(text)) {
    const name = /^[\w-]+/.exec(line)?.[0].toUpperCase() ?? '';
    if (!wanted.has(name)) continue;
    if (line.length > longestLine) throw unreadable(`a ${name} is longer than ${longestLine} characters`);
    if (name === 'BEGIN') open.push(line.slice(6).trim().toUpperCase());
    if (isOfEvent(open)) kept.push(line);
    if (kept.length > mostLines) throw unreadable(`more than ${mostLines} lines of it say when its events are`);
    if (name === 'END') open.pop();
  }
  return kept.join('\r\n');
}

/** Of the calendar itself its ends alone. */
function isOfEvent(open: readonly string[]): boolean {
  const [calendar, event] = open;
  if (calendar !== 'VCALENDAR' || open.length > 2) return open.length === 1;
  return event === undefined || event === 'VEVENT';
}

/** A line that begins with a space or a tab goes on with the one before it. */
function unfolded(text: string): readonly string[] {
  const lines: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = lines.at(-1);
    if (last !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) last.push(line.slice(1));
    else lines.push([line]);
  }
  return lines.map((parts) => parts.join(''));
}
