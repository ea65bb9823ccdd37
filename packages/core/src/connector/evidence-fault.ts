import type { EvidenceReader } from './evidence-declaration.ts';

/** What is wrong with what a connector reads of a trigger's events, in words; `undefined` where nothing is. */
export function evidenceFault(name: string, reader: EvidenceReader, triggers: object): string | undefined {
  if (!Object.hasOwn(triggers, name)) return `it reads evidence of ${name.slice(0, 100)}, which is none of its triggers`;
  const { evidence, failure } = reader ?? {};
  if (typeof evidence !== 'function' && typeof failure !== 'function') return `what it reads of ${name} has neither evidence nor failure`;
  return undefined;
}
