import { PatchbayError } from '../errors/patchbay-error.ts';
import { inverseTransform } from './inverse-transform.ts';
import type { MappingDefinition, MappingField, MappingTransform } from './mapping-definition.ts';

/**
 * The mapping that takes a mapping back: from the host's shape to the service's. Values that are the same for every source, and fields that say
 * `reverse: false`, have no place in it. Throws `unsupported` naming the field that cannot be taken back, and what would help.
 */
export function reverseMapping({ description, fields }: MappingDefinition): MappingDefinition {
  const reversed = reverseFields(fields, '');
  if (reversed.length === 0) throw refused('fields', 'no field of it says what the service has');
  return { ...(description === undefined ? {} : { description }), fields: reversed };
}

function reverseFields(fields: readonly MappingField[], prefix: string): readonly MappingField[] {
  const reversed = fields.flatMap((field) => (isLeftOut(field) ? [] : [reverseField(field, `${prefix}${field.to}`)]));
  const seen = new Map<string, string>();
  for (const { to, from } of reversed) {
    const other = seen.get(to);
    if (other !== undefined)
      throw refused(`${prefix}${from ?? other}`, `${other} reads ${to} as well; say \`reverse: false\` in one of them`);
    seen.set(to, from ?? to);
  }
  return reversed;
}

const isLeftOut = (field: MappingField): boolean => field.reverse === false || field.value !== undefined;

function reverseField(field: MappingField, name: string): MappingField {
  const { to, from, reverse, required, sourceType, fields } = field;
  if (from === undefined) throw refused(name, 'a formula cannot be taken back; say `reverse: false`, or read it with `from`');
  if (/\[\d|\.\d|^\d/.test(from))
    throw refused(name, 'it reads one place of a list, and the others would be missing; say `reverse: false`');
  const common = { to: from, ...(required === undefined ? {} : { required }) };
  if (typeof reverse === 'string') return { ...common, cel: reverse, ...(sourceType === undefined ? {} : { type: sourceType }) };
  if (fields !== undefined) return { ...common, from: to, fields: reverseFields(fields, `${name}.`) };
  const transforms = inverses(field, name);
  return {
    ...common,
    from: to,
    ...(transforms.length === 0 ? {} : { transforms }),
    ...(sourceType === undefined ? {} : { type: sourceType }),
  };
}

function inverses({ transforms = [], type, sourceType }: MappingField, name: string): readonly MappingTransform[] {
  if (type !== undefined && sourceType === undefined)
    throw refused(name, 'nobody knows what the service takes there; say its `sourceType`');
  if (type === 'date' && sourceType !== 'date') throw refused(name, 'a date forgets the time of day');
  return transforms.toReversed().map((transform) => {
    const inverse = inverseTransform(transform);
    if ('inverse' in inverse) return inverse.inverse;
    throw refused(name, inverse.reason);
  });
}

function refused(name: string, reason: string): PatchbayError {
  return new PatchbayError({
    code: 'unsupported',
    message: `The mapping cannot be reversed at ${name}: ${reason}. Say what gives it back as \`reverse\`, or leave the field out with \`reverse: false\`.`,
    details: { field: name, reason },
  });
}
