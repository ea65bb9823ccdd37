/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Value = Html | readonly Html[] | string | number;

/** HTML in which every value is text, unless it was made here itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.map((part, index) => part + show(values[index])).join('') };
}

function show(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return 'html' in value ? value.html : value.map((each) => each.html).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
