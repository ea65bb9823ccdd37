import { z } from 'zod';
import { isTemplated } from '../../automation/is-templated.ts';
import type { BuiltInAction } from '../../connector/built-in-action.ts';
import { suggestion } from '../../errors/closest-name.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { KnownRecordType } from '../../records/known-records.ts';
import { askAdapter, outcomeOfRefusal, writeOf } from './ask-adapter.ts';
import type { RecordActionOptions } from './record-action-options.ts';
import { idInput, namedType, typeInput, typeOf } from './record-input.ts';

const input = z.strictObject({
  type: typeInput,
  id: idInput,
  link: z.string().min(1).max(64).describe('A link of the type.'),
  to: idInput.describe('Id of the record at the other end.'),
});
const output = z.object({ type: z.string(), id: z.string(), link: z.string(), to: z.object({ type: z.string(), id: z.string() }) });

/** What `record.link` takes. */
export interface LinkRecordsInput {
  /** A type of the host's records. */
  readonly type: string;
  /** The record's id. */
  readonly id: string | number;
  /** A link of the type. */
  readonly link: string;
  /** Id of the record at the other end. */
  readonly to: string | number;
}

/** `record.link`. */
export function linkRecords(options: RecordActionOptions): BuiltInAction {
  const { records } = options;
  return {
    name: 'record.link',
    title: 'Link records',
    description: "Joins two of the host's records.",
    idempotency: 'idempotent',
    input,
    output,
    check(given) {
      const type = namedType(records, 'link', given);
      if (typeof type === 'string') return [type];
      const fault = linkFault(type, given);
      return fault === null ? [] : [fault];
    },
    async run(call) {
      const { type: name, id, link, to } = input.parse(call.input);
      const type = typeOf(records, 'link', { type: name });
      const joined = type.links.get(link);
      if (joined === undefined)
        throw new PatchbayError({
          code: 'invalid_input',
          message: `${linkFault(type, { link })}. Nothing was done. Correct the automation.`,
        });
      const { tenant } = call;
      const end = { tenant, type: joined.to, id: to };
      const write = { ...writeOf(call, type.name), id, link, to: end };
      const answer = await askAdapter(options, 'record.link', () => records.adapter.link?.(write));
      const what = `the record ${type.name}/${id} or ${joined.to}/${to}`;
      if (answer?.status !== 'linked') return outcomeOfRefusal(answer ?? { status: 'refused' }, what);
      const told = { type: type.name, id, link, to: { type: joined.to, id: to } };
      return { outcome: 'succeeded', output: JSON.stringify(told) };
    },
  };
}

function linkFault({ name, links }: KnownRecordType, given: Json): string | null {
  const link = isJsonObject(given) ? given['link'] : undefined;
  if (typeof link !== 'string' || isTemplated(link)) return 'link: name a link of the type, without an expression';
  return links.has(link) ? null : `link: ${name} has no link ${link.slice(0, 64)}${suggestion(link, [...links.keys()])}`;
}
