/** A value of a query or a form; `undefined` leaves it out, a list repeats the name. */
export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[];
