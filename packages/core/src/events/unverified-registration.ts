/** Stands before the registration in the receipt of an event that nobody has signed. No registration's own id has a colon. */
const mark = 'unverified:';

/** The registration as the receipt of an unsigned event names it: every store keeps the mark with it. */
export function unverifiedRegistration(registration: string): string {
  return `${mark}${registration}`;
}

/** True for an event whose delivery nobody had signed. */
export function isUnverified({ receipt }: { readonly receipt: { readonly registration: string } | null }): boolean {
  return receipt?.registration.startsWith(mark) === true;
}
