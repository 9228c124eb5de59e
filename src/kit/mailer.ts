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

async function open({ host, port, encryption, user, password }: MailSettings) {
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
}

/** Hands mails to an SMTP server, one connection for each. The library is loaded with the first. */
export function makeMailer(settings: MailSettings): SendMail {
  return async ({ to, subject, text }) => {
    const transport = await open(settings);
    try {
      // Nobody should answer to it by an out-of-office note (RFC 3834).
      await transport.sendMail({
        from: settings.from,
        to: { name: '', address: to },
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { result: 'sent' };
    } catch (error) {
      return troubleOf(error as SmtpError);
    } finally {
      transport.close();
    }
  };
}

export type MailServerChecked = { ok: true } | { ok: false; fault: MailFault; why: string };
export type MailFault = 'not-reached' | 'encryption' | 'login' | 'other';

/** Connects, encrypts and logs in as for a mail, and sends none. */
export async function checkMailServer(settings: MailSettings): Promise<MailServerChecked> {
  const transport = await open(settings);
  try {
    await transport.verify();
    return { ok: true };
  } catch (error) {
    const { code = 'unknown', responseCode } = error as SmtpError;
    const fault = faults[code] ?? 'other';
    return { ok: false, fault, why: `${words[fault]} (${[code, responseCode].filter(Boolean).join(' ')})` };
  } finally {
    transport.close();
  }
}

/** Nodemailer's codes (nodemailer.com, "Error codes"). */
const faults: Record<string, MailFault> = {
  ECONNECTION: 'not-reached',
  ECONNREFUSED: 'not-reached',
  ESOCKET: 'not-reached',
  ETIMEDOUT: 'not-reached',
  EDNS: 'not-reached',
  ETLS: 'encryption',
  EAUTH: 'login',
  ENOAUTH: 'login',
};

const words: Record<MailFault, string> = {
  'not-reached': 'the mail server does not answer',
  encryption: 'the connection cannot be encrypted as mail.encryption wants',
  login: 'the mail server does not take the user and the password',
  other: 'the mail server refused to talk',
};

interface SmtpError {
  code?: string;
  responseCode?: number;
}

/** The server's own words may name the address, so they are not told. */
function troubleOf({ code = 'unknown', responseCode }: SmtpError): Mailed {
  const answer = responseCode === undefined ? code : `${code} ${responseCode}`;
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500;
  return { result: refused ? 'never' : 'later', why: `the mail server did not take it: ${answer}` };
}
