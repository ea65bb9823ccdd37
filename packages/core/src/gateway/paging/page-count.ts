import type { RequestPath } from '../../connector/path.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';

/** Pages of one listing unless the caller says otherwise. */
const defaultPages = 100;

/** Empty pages in a row after which a listing is taken not to end; services that filter behind their cursor give a few. */
const mostEmptyPages = 25;

/** Watches over the pages of one listing, so that it ends whatever the service answers. */
export interface PageCount {
  /** A page by this name is about to be asked for. Throws `response_invalid` where it was there before, and where there are too many. */
  begin(name: string): void;
  /** It has come with so many items. Throws `response_invalid` where nothing but empty pages come. */
  end(items: number): void;
  /** An error about the listing. */
  fault(what: string): PatchbayError;
}

/** Throws `invalid_argument` for a bound that is none. */
export function createPageCount({ template }: Pick<RequestPath, 'template'>, maximum: number = defaultPages): PageCount {
  if (!(Number.isSafeInteger(maximum) && maximum > 0)) throw unbounded(template, maximum);
  const seen = new Set<string>();
  let empty = 0;
  const fault = (what: string): PatchbayError =>
    new PatchbayError({ code: 'response_invalid', message: `The listing ${template} ${what}` });
  return {
    begin(name) {
      if (seen.has(name)) throw fault('comes back to a page that it has given. Report it to the author of the connector.');
      if (seen.size >= maximum) throw fault(`has more than ${maximum} pages. Narrow it, or raise maximumPages.`);
      seen.add(name);
    },
    end(items) {
      empty = items === 0 ? empty + 1 : 0;
      if (empty > mostEmptyPages)
        throw fault(`gave ${empty} empty pages in a row and says that more come. Report it to the author of the connector.`);
    },
    fault,
  };
}

function unbounded(template: string, maximum: number): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: `The listing ${template} may not have maximumPages ${maximum}. Give a whole number above zero, or leave it out for ${defaultPages}.`,
    sent: 'no',
  });
}
