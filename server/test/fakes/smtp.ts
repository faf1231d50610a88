import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived: the envelope, and the message as bytes of the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

export interface FakeSmtp {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The next message is refused with this reply, e.g. 451 for "try again later". */
  refuseNext(code: number, text: string): void;
  stop(): Promise<void>;
}

/** A real SMTP server on this machine, with sign-in, that keeps what it gets. */
export async function fakeSmtp(login: { user: string; password: string }): Promise<FakeSmtp> {
  const mails: ReceivedMail[] = [];
  const refusals: { code: number; text: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(given, _session, done) {
      if (given.username === login.user && given.password === login.password) done(null, { user: login.user });
      else done(Object.assign(new Error('wrong user or password'), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = refusals.shift();
        if (refusal) return done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((recipient) => recipient.address),
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        return done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@127.0.0.1:${port}`,
    mails,
    refuseNext: (code, text) => void refusals.push({ code, text }),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
