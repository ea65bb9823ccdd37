/** What the handle of an ordered dispatch ends with: whoever settles it locks its key first. */
const orderedMark = 'o';

/** The handle of a dispatch by its number in the table. */
export const handleOf = (number: string, isOrdered: boolean): string => (isOrdered ? `${number}${orderedMark}` : number);

/** True for the handle of an ordered dispatch. */
export const isOrderedHandle = (handle: string): boolean => handle.endsWith(orderedMark);

/** A handle as the table has it. One that is not of this storage names nothing. */
export const handleNumber = (handle: string): string => /^(\d{1,18})o?$/.exec(handle)?.[1] ?? '0';
