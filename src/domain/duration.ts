/** A length of time in milliseconds. Make one with `seconds(30)` rather than a bare number. */
export type Duration = number & { readonly _: 'Duration' };

export const milliseconds = (n: number): Duration => n as Duration;
export const seconds = (n: number): Duration => (n * 1000) as Duration;
export const minutes = (n: number): Duration => seconds(n * 60);
export const hours = (n: number): Duration => minutes(n * 60);
export const days = (n: number): Duration => hours(n * 24);
