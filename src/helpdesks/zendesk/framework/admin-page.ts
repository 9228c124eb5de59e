import type { Outcome } from '../../../domain/outcome.ts';
import { escapeHtml } from '../../../kit/escape-html.ts';
import type { HelpdeskCallAnswer } from '../../called.ts';

/** What the page sends back to Zendesk when the administrator saves it. */
export interface AdminForm {
  returnUrl: string;
  name: string;
  metadata: string;
  /** BCP 47, as Zendesk says that the administrator reads. */
  locale: string;
}

/** The page that Zendesk shows in a frame while an integration account is set up: `connected` says whether its token is good. */
export function adminPage(form: AdminForm, connected: Outcome<void>): HelpdeskCallAnswer {
  const french = form.locale.toLowerCase().startsWith('fr');
  const words = french ? inFrench : inEnglish;
  const good = connected.result === 'done';
  const main = good
    ? formOf(form, words)
    : `<p role="alert" class="bad">${escapeHtml(words.failed(connected.why))}</p>`;
  return {
    status: good ? 200 : 502,
    contentType: 'text/html; charset=utf-8',
    headers: framed(form.returnUrl),
    body: `<!doctype html>
<html lang="${french ? 'fr' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${words.title}</title>
<style>${style}</style>
<main>
<h1>${words.title}</h1>
${main}
</main>
</html>
`,
  };
}

const formOf = ({ returnUrl, name, metadata }: AdminForm, words: typeof inEnglish): string => `<p>${words.good}</p>
<form method="post" action="${escapeHtml(returnUrl)}">
<label for="name">${words.name}</label>
<input id="name" name="name" required maxlength="255" value="${escapeHtml(name)}" autocomplete="off">
<p class="hint">${words.hint}</p>
<input type="hidden" name="metadata" value="${escapeHtml(metadata)}">
<input type="hidden" name="state" value="">
<button>${words.save}</button>
</form>`;

const inEnglish = {
  title: 'Passerelle',
  good: 'Passerelle reached this Zendesk and its token works. Save to switch the account on.',
  name: 'Name of this account',
  hint: 'Agents see it beside each chat.',
  save: 'Save',
  failed: (why: string) => `The account cannot be connected: ${why}. Close this page and try again.`,
};

const inFrench: typeof inEnglish = {
  title: 'Passerelle',
  good: 'Passerelle a joint ce Zendesk et son jeton fonctionne. Enregistrez pour activer le compte.',
  name: 'Nom de ce compte',
  hint: 'Les agents le voient à côté de chaque conversation.',
  save: 'Enregistrer',
  failed: (why: string) => `Le compte ne peut pas être connecté : ${why}. Fermez cette page et réessayez.`,
};

/** Zendesk shows it in a frame of its own and takes the form; nothing else may, and nothing in it runs. */
function framed(returnUrl: string): Record<string, string> {
  const zendesk = `https://*.zendesk.com ${new URL(returnUrl).origin}`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action ${zendesk}; frame-ancestors ${zendesk}; base-uri 'none'`;
  return { 'content-security-policy': policy, 'x-frame-options': '', 'cache-control': 'no-store' };
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
label { display: block; font-weight: 600 }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit }
.hint { margin: .25rem 0 1rem; opacity: .8 }
.bad { padding: .75rem 1rem; background: #d9770633; border-radius: .4rem }
button { padding: .5rem 1.25rem; font: inherit }`;
