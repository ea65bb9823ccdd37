/** The order of texts by their UTF-8 bytes, in which databases sort them; JavaScript's own differs beyond the first plane. */
export const compareBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
