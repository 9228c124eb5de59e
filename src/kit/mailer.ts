import type { Secret } from './secret.ts';

export interface MailSettings {
  host: string;
  port: number;
  /** `starttls`: the connection must become encrypted before anything is said; `tls`: it is from the start. */
  encryption: 'starttls' | 'tls' | 'none';
  user?: string | undefined;
  password?: Secret | undefined;
  /** As in a header: `Acme <chat@acme.example>`. */
  from: string;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** `never`: the server refused this mail or its address for good; `later`: it was not taken this time. */
export type Mailed = { result: 'sent' } | { result: 'never' | 'later'; why: string };

export type SendMail = (mail: Mail) => Promise<Mailed>;

const patienceMs = 10_000;

/** Hands mails to an SMTP server, one connection for each. The library is loaded with the first. */
export function makeMailer({ host, port, encryption, user, password, from }: MailSettings): SendMail {
  const open = async () => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host,
      port,
      secure: encryption === 'tls',
      requireTLS: encryption === 'starttls',
      ignoreTLS: encryption === 'none',
      ...(user && password ? { auth: { user, pass: password.reveal() } } : {}),
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  return async ({ to, subject, text }) => {
    const transport = await open();
    try {
      // Nobody should answer to it by an out-of-office note (RFC 3834).
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { result: 'sent' };
    } catch (error) {
      return troubleOf(error as { code?: string; responseCode?: number });
    } finally {
      transport.close();
    }
  };
}

/** The server's own words may name the address, so they are not told. */
function troubleOf({ code = 'unknown', responseCode }: { code?: string; responseCode?: number }): Mailed {
  const answer = responseCode === undefined ? code : `${code} ${responseCode}`;
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500;
  return { result: refused ? 'never' : 'later', why: `the mail server did not take it: ${answer}` };
}
