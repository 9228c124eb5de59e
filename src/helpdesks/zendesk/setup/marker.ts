/** Stands in descriptions, so that a thing is found again even when somebody gave it another title. */
export const markerOf = (account: string, key: string): string => `[passerelle:${account}/${key}]`;
