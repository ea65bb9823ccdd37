import { z } from 'zod';

/** Type of an event. */
export const eventTypeShape = z
  .string()
  .max(200)
  .regex(/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/, 'must be segments of letters, digits, hyphens and underscores, joined by dots');

/** Name or id of a connection. */
export const connectionShape = z.string().min(1).max(200);

/** A trigger that starts on an event. */
export const eventTriggerShape = z.strictObject({ event: eventTypeShape, connection: connectionShape.optional() });

/** A trigger that starts when it is asked to. */
export const manualTriggerShape = z.strictObject({ manual: z.literal(true) });

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, YYYY-MM-DD');

const calendarSource = z.union([
  z.strictObject({ dates: z.array(day).min(1).max(1_000) }),
  z.strictObject({ calendar: z.string().min(1).max(100) }),
  z.strictObject({ ics: z.string().min(1).max(65_536) }),
  z.strictObject({ url: z.string().min(1).max(2_000) }),
]);

const calendars = z.array(calendarSource).min(1).max(10);

/** A trigger that starts at times. */
export const scheduleTriggerShape = z.strictObject({
  schedule: z.strictObject({
    cron: z.string().min(1).max(200).describe('Minute, hour, day of the month, month, day of the week: 0 9 * * 1-5.'),
    timezone: z.string().min(1).max(100).describe('IANA name, Europe/Berlin. UTC where none is named.').optional(),
    days: z.enum(['all', 'business']).optional(),
    only: calendars.optional(),
    except: calendars.optional(),
    catchUp: z.enum(['skip', 'once', 'all']).optional(),
    catchUpLimit: z.int().min(1).max(1_000).optional(),
  }),
});

const title = z.string().min(1).max(200);
const description = z.string().max(2_000).optional();
const jsonSchema = z.record(z.string(), z.unknown()).describe('An object schema of JSON Schema.');

/** A trigger that starts when somebody presses a button. */
export const buttonTriggerShape = z.strictObject({ button: z.strictObject({ label: title, description, input: jsonSchema.optional() }) });

/** A trigger that starts when somebody sends a form in. */
export const formTriggerShape = z.strictObject({ form: z.strictObject({ title, description, schema: jsonSchema }) });

/** Each kind of trigger by the member that says so. What names none of them is read as one that starts on an event. */
export const triggerShapes = {
  event: eventTriggerShape,
  manual: manualTriggerShape,
  schedule: scheduleTriggerShape,
  button: buttonTriggerShape,
  form: formTriggerShape,
} as const;
