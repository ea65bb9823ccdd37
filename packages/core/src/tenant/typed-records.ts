import type { Schema } from '../connector/schema.ts';

type TypeIn<Names> = Names extends `record.${infer Type}.created` ? Type : never;

/** Names of the types of the host's records, by the types of their events; of any hub (`never`), any text. */
export type RecordTypeOf<E extends Readonly<Record<string, Schema>>> = string extends keyof E ? string : TypeIn<keyof E & string>;
