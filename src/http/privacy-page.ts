import type { Receipt } from '../flows/erasure-receipt.ts';

/** How far a deletion is, in words for the person it is about; holds nothing of theirs. */
export const erasurePage = (receipt: Receipt | undefined): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Deletion of your data</title>
<style>${style}</style>
<main>
<h1>Deletion of your data</h1>
${receipt ? known(receipt) : unknown}
</main>
</html>
`;

const unknown = `<p>There is no request with this code. Please compare it with the one you were given.</p>`;

const known = ({
  code,
  askedAt,
  endedAt,
  state,
  steps,
}: Receipt): string => `<p class="state ${state}">${inWords[state]}</p>
<dl>
<dt>Code</dt><dd><code>${code}</code></dd>
<dt>Asked for</dt><dd>${day(askedAt)}</dd>
${endedAt ? `<dt>Finished</dt><dd>${day(endedAt)}</dd>` : ''}
</dl>
${steps.length > 0 ? `<ul>${placesOf(steps).join('')}</ul>` : ''}
<p>Messages also stay in your own chat, where only you can delete them.</p>`;

const inWords: Record<Receipt['state'], string> = {
  waiting: 'We have received the request and are looking for your data.',
  working: 'Your data is being deleted.',
  done: 'All data we held about you is deleted, or there was none.',
  incomplete: 'Most of your data is deleted. For the rest somebody here has to see to it by hand.',
};

const names: Record<string, string> = {
  ledger: 'Our own records',
  vault: 'Copies of files',
  helpdesk: 'Our support system',
  crm: 'Our customer records',
};

function placesOf(steps: Receipt['steps']): string[] {
  const places = Map.groupBy(steps, ({ place }) => place.split(':')[0]!);
  return [...places].map(([place, of]) => {
    const left = of.filter(({ state }) => state !== 'done');
    const state =
      left.length === 0 ? 'deleted' : left.some(({ state: s }) => s === 'refused') ? 'in part' : 'under way';
    return `<li><span>${names[place] ?? 'Other records'}</span><strong>${state}</strong></li>`;
  });
}

const day = (at: Date): string => `<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 10)}</time>`;

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { margin: 0 }
main { max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem }
h1 { font-size: 1.6rem; line-height: 1.25 }
.state { padding: .9rem 1.1rem; border-radius: .6rem; background: #8882; font-weight: 600 }
.done { background: #1f9d5533 }
.incomplete { background: #d9770633 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem }
dt { opacity: .7 } dd { margin: 0 }
ul { list-style: none; padding: 0 }
li { display: flex; justify-content: space-between; padding: .5rem 0; border-top: 1px solid #8884 }`;
