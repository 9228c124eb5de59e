import { action } from './limits.ts';

/** Between what a button is to send back and its title: a postback does not tell what the customer saw. */
const mark = '&~title=';

/** What a tap sends back: the payload, and the title where there is room for it. */
export function choiceData(payload: string, title: string): string {
  const both = `${payload}${mark}${title}`;
  return both.length <= action.data ? both : payload.slice(0, action.data);
}

/** The way back. Data of rich menus and other tools have no title. */
export function choiceOf(data: string): { payload: string; title?: string } {
  const at = data.lastIndexOf(mark);
  return at < 0 ? { payload: data } : { payload: data.slice(0, at), title: data.slice(at + mark.length) };
}
