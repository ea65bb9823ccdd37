import type { FormTrigger } from '../../../automation/automation-definition.ts';
import { checkFormData } from '../../../automation/form-data.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { ConfigurationCache } from '../../../configuration/create-configuration-cache.ts';
import type { Row } from '../../../contracts/configuration-store.ts';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';
import { buildEvent } from '../../../events/build-event.ts';
import type { Publisher } from '../../../events/create-publisher.ts';
import { eventData } from '../../../events/event-data.ts';
import { hashJson } from '../../../events/hash-json.ts';
import type { GenerateId } from '../../../id/generate-id.ts';
import { isUuid } from '../../../id/is-uuid.ts';
import { decodeUtf8 } from '../../../json/decode-utf8.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json } from '../../../json/json.ts';
import { bodyKindOf } from '../door/body-kind.ts';
import type { DoorAnswer } from '../door/door-answer.ts';
import { MethodError } from '../door/door-errors.ts';
import type { DoorLimits } from '../door/door-limits.ts';
import { parseText } from '../parse-body.ts';
import {
  asPage,
  type FormWord,
  formClosed,
  formTaken,
  inJson,
  linkEnded,
  noForm,
  say,
  sentOtherwise,
  unfit,
  unreadable,
  wantsPage,
} from './form-answers.ts';
import { type FormLinkVault, openFormLink } from './form-link.ts';
import { formPage } from './form-page.ts';
import { formValues, tokenField } from './form-values.ts';

/** What taking forms in needs. */
export interface ReceiveFormOptions {
  readonly cache: ConfigurationCache;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly vault: FormLinkVault;
  readonly clock: Pick<Clock, 'now'>;
  readonly generateId: GenerateId;
  /** The tenant of a form; `null` for none. */
  readonly locateForm: (form: string) => Promise<string | null>;
  /** Whoever has the link is let in, so each request counts. */
  readonly limits: DoorLimits;
  /** A name that nobody can guess. */
  readonly randomName: () => string;
}

/** A request to a form's address. */
export interface FormRequest {
  /** Id of the automation. */
  readonly form: string;
  readonly method: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: Uint8Array | null;
  readBody(): Promise<Uint8Array>;
}

/** Largest submission, bytes, and most members of one. */
const largestBody = 65_536;
const mostMembers = 1_000;

const taken: readonly string[] = ['application/json', 'application/x-www-form-urlencoded'];

/**
 * Answers a request to the address of a form: its schema or a page to who asks, and an event from what is sent. The key of the link is looked at before all
 * else, and whoever has none learns nothing: not whether there is such a form, nor whose.
 */
export async function receiveForm(options: ReceiveFormOptions, request: FormRequest): Promise<DoorAnswer> {
  if (request.method !== 'GET' && request.method !== 'POST') throw new MethodError();
  options.limits.enter({ url: `forms/${request.form}`, address: request.address });
  const isPage = wantsPage(request.headers['accept']);
  const open = await openForm(options, request);
  if ('word' in open) return say(open.word, isPage);
  if (request.method === 'POST') return say(await takeIn(options, open, request), isPage);
  const { form } = open;
  const token = options.randomName();
  return isPage ? asPage(200, formPage(form, token)) : inJson(200, { title: form.title, ...described(form), schema: form.schema, token });
}

const described = ({ description }: FormTrigger['form']) => (description === undefined ? {} : { description });

interface OpenForm {
  readonly tenant: string;
  readonly row: Row<'automation'>;
  readonly form: FormTrigger['form'];
}

async function openForm(options: ReceiveFormOptions, { form: id, query }: FormRequest): Promise<OpenForm | { readonly word: FormWord }> {
  const { cache, clock, vault, locateForm } = options;
  const key = new URLSearchParams(query).get('key') ?? '';
  const tenant = isUuid(id) && key !== '' ? await locateForm(id) : null;
  const expiresAt = tenant === null ? null : await openFormLink(vault, { tenant, form: id }, key);
  if (tenant === null || expiresAt === null) return { word: noForm };
  if (clock.now() >= expiresAt) return { word: linkEnded };
  const row = (await cache.recent(tenant, 0)).automations.find((each) => each.id === id);
  const form = row && formOf(row);
  return row && form ? { tenant, row, form } : { word: formClosed };
}

function formOf({ value: { enabled, definition } }: Row<'automation'>): FormTrigger['form'] | undefined {
  const trigger = isJsonObject(definition) ? definition['trigger'] : undefined;
  // It was read by the parser when it was put.
  return enabled && isJsonObject(trigger) && isJsonObject(trigger['form']) ? (trigger as unknown as FormTrigger).form : undefined;
}

async function takeIn(options: ReceiveFormOptions, { tenant, row, form }: OpenForm, request: FormRequest): Promise<FormWord> {
  const read = await readSubmission(request, form);
  if ('code' in read) return read;
  const { [tokenField]: given = request.headers['idempotency-key'], ...values } = read.values;
  if (given !== undefined && (typeof given !== 'string' || !/^[\w-]{1,100}$/.test(given)))
    return unfit([{ field: tokenField, message: 'must be 1 to 100 letters, digits, hyphens and underscores' }]);
  const checked = checkFormData(form.schema, values);
  if ('faults' in checked) return unfit(checked.faults);
  const { bytes, data } = eventData(checked.data, 'The submission');
  const event = buildEvent({
    ...{ tenant, id: options.generateId(), type: 'form.submitted', time: Math.floor(options.clock.now()), subject: row.name },
    ...{ class: 'custom', severity: 'info', data: bytes },
  });
  const dedupe = given === undefined ? null : { key: `form:${row.id}:${given}`, hash: hashJson(data) };
  try {
    await options.publisher.publish({ event, data, dedupe, automation: row.id });
    return formTaken;
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'conflict') throw error;
    // The same token with other answers, or a form that was closed at this moment.
    const current = (await options.cache.recent(tenant, 0)).automations.find(({ id }) => id === row.id);
    return current && formOf(current) ? sentOtherwise : formClosed;
  }
}

async function readSubmission(
  request: FormRequest,
  form: FormTrigger['form'],
): Promise<{ readonly values: Readonly<Record<string, Json>> } | FormWord> {
  const type = request.headers['content-type'];
  const kind = type === undefined ? undefined : bodyKindOf(type, taken);
  if (kind === undefined) return unreadable(415, 'Send it as application/json or as a form of a web page.');
  if (Number(request.headers['content-length'] ?? 0) > largestBody) return tooLarge;
  const bytes = await request.readBody();
  if (bytes.length > largestBody) return tooLarge;
  const text = decodeUtf8(bytes);
  if (text === undefined) return unreadable(400, 'It is not UTF-8.');
  if (kind === 'form') {
    const values = formValues(form.schema, text, mostMembers);
    return values === null ? unreadable(400, `It has more than ${mostMembers} fields.`) : { values };
  }
  try {
    const { value } = parseText(text, mostMembers);
    return isJsonObject(value) ? { values: value } : unreadable(400, 'Send a JSON object.');
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'body_invalid') return unreadable(400, error.message);
    throw error;
  }
}

const tooLarge = unreadable(413, `It is larger than ${largestBody} bytes.`);
