import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface SandboxMail {
  from: string;
  to: string[];
  /** As it came over the wire, headers and all. */
  raw: string;
  subject: string;
  /** The text, decoded. */
  text: string;
}

export interface MailSimulator {
  host: string;
  port: number;
  mails(): SandboxMail[];
  /** Addresses that are refused for good, by how they end. */
  refuse(ending: string): void;
  /** So many mails are put off with 451. */
  putOff(times: number): void;
  close(): Promise<void>;
}

/**
 * An SMTP server that keeps what it is given (RFC 5321): commands in order, one mail after the other, no encryption. With
 * `login` it takes mails only of who says that first (RFC 4954, PLAIN).
 */
export async function startMailSimulator(login?: { user: string; password: string }): Promise<MailSimulator> {
  const kept: SandboxMail[] = [];
  const refused: string[] = [];
  const open = new Set<Socket>();
  let later = 0;
  const rules: Rules = {
    refuses: (address) => refused.some((ending) => address.endsWith(ending)),
    putsOff: () => later > 0 && later-- > 0,
    keep: (mail) => void kept.push(mail),
    ...(login ? { proof: Buffer.from(`\0${login.user}\0${login.password}`).toString('base64') } : {}),
  };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, rules);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    mails: () => [...kept],
    refuse: (ending) => void refused.push(ending),
    putOff: (times) => {
      later = times;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Rules {
  refuses(address: string): boolean;
  putsOff(): boolean;
  keep(mail: SandboxMail): void;
  /** What must come with AUTH PLAIN. */
  proof?: string;
}

interface Envelope {
  greeted: boolean;
  known?: true;
  from?: string;
  to: string[];
  /** Set while the mail itself comes. */
  lines?: string[];
}

function converse(socket: Socket, rules: Rules): void {
  const envelope: Envelope = { greeted: false, to: [] };
  let rest = '';
  const say = (line: string) => socket.write(`${line}\r\n`);
  say('220 sandbox ESMTP');
  socket.setEncoding('utf8').on('data', (data) => {
    const lines = (rest + String(data)).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = envelope.lines ? dataLine(envelope, rules, line) : command(envelope, rules, line);
      if (answer !== undefined) say(answer);
      if (answer?.startsWith('221')) socket.end();
    }
  });
}

function command(envelope: Envelope, rules: Rules, line: string): string {
  const [verb = ''] = line.toUpperCase().split(' ');
  if (verb === 'QUIT') return '221 bye';
  if (verb === 'EHLO' || verb === 'HELO') {
    envelope.greeted = true;
    return rules.proof ? '250-sandbox\r\n250 AUTH PLAIN' : '250 sandbox';
  }
  if (!envelope.greeted) return '503 say EHLO first';
  const address = /<([^<>\s]+@[^<>\s]+)>/.exec(line)?.[1];
  if (verb === 'AUTH') return logIn(envelope, rules, line.split(' ')[2]);
  if (rules.proof && !envelope.known && verb === 'MAIL') return '530 log in first';
  if (verb === 'MAIL') return mailFrom(envelope, rules, address);
  if (verb === 'RCPT') return rcptTo(envelope, rules, address);
  if (verb === 'DATA') return begin(envelope);
  if (verb === 'RSET') return reset(envelope);
  return '502 not known here';
}

function logIn(envelope: Envelope, { proof }: Rules, given: string | undefined): string {
  if (proof === undefined) return '502 not known here';
  if (given !== proof) return '535 wrong user or password';
  envelope.known = true;
  return '235 welcome';
}

function mailFrom(envelope: Envelope, rules: Rules, address: string | undefined): string {
  if (envelope.from !== undefined) return '503 one mail after the other';
  if (address === undefined) return '501 from whom?';
  if (rules.putsOff()) return '451 try again later';
  envelope.from = address;
  return '250 ok';
}

function rcptTo(envelope: Envelope, rules: Rules, address: string | undefined): string {
  if (envelope.from === undefined) return '503 say MAIL first';
  if (address === undefined) return '501 to whom?';
  if (rules.refuses(address)) return '550 no such mailbox';
  envelope.to.push(address);
  return '250 ok';
}

function begin(envelope: Envelope): string {
  if (envelope.to.length === 0) return '503 say RCPT first';
  envelope.lines = [];
  return '354 end with a dot';
}

function reset(envelope: Envelope): string {
  envelope.to = [];
  delete envelope.from;
  delete envelope.lines;
  return '250 ok';
}

function dataLine(envelope: Envelope, rules: Rules, line: string): string | undefined {
  if (line !== '.') {
    envelope.lines!.push(line.startsWith('.') ? line.slice(1) : line);
    return undefined;
  }
  rules.keep(mailOf(envelope.from!, envelope.to, envelope.lines!.join('\r\n')));
  return reset(envelope);
}

function mailOf(from: string, to: string[], raw: string): SandboxMail {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(head)?.[1] ?? '';
  const encoded = body.join('\r\n\r\n');
  return { from, to, raw, subject: header('Subject'), text: decoded(encoded, header('Content-Transfer-Encoding')) };
}

function decoded(text: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(text, 'base64').toString();
  if (!/quoted-printable/i.test(encoding)) return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
