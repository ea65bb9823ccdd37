type Fields = Readonly<Record<string, unknown>>;

/** Fields that the contestants read, or that make the delivery what it is. All others may be left out. */
const needed = new Set([
  ...['action', 'issue', 'repository', 'sender', 'number', 'title', 'body', 'labels', 'html_url', 'created_at', 'state', 'user'],
  ...['id', 'login', 'name', 'full_name', 'owner'],
]);

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The object without the last of its fields that is not needed, looked for inside out; null where it has none. */
function withoutOne(fields: Fields): Fields | null {
  for (const [name, value] of Object.entries(fields).toReversed()) {
    const { [name]: _, ...others } = fields;
    if (!needed.has(name)) return others;
    const smaller = isFields(value) ? withoutOne(value) : null;
    if (smaller !== null) return { ...fields, [name]: smaller };
  }
  return null;
}

/**
 * A GitHub payload brought to a size: fields that nobody needs are left out from its end on, and the issue's text is filled up with words
 * to the byte. Throws where even the needed fields are larger.
 */
export function fitBody(payload: Fields & { readonly issue: Fields & { readonly body: unknown } }, bytes: number): Fields {
  let fitted: Fields = payload;
  while (bytesOf(fitted) > bytes) {
    const smaller = withoutOne(fitted);
    if (smaller === null) throw new RangeError(`A delivery does not get as small as ${bytes} bytes.`);
    fitted = smaller;
  }
  const text = String(payload.issue.body);
  // Numbers in between keep the filling from compressing to nothing.
  const words = Array.from({ length: bytes }, (_, position) => `${(position * 2_654_435_761) % 99_991} commits`).join(', ');
  const filling = words.slice(0, bytes - bytesOf(fitted));
  const { issue } = fitted;
  return { ...fitted, issue: { ...(isFields(issue) ? issue : {}), body: `${text}${filling}` } };
}
