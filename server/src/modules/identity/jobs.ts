import { createTransport } from 'nodemailer';
import { transaction } from '../../platform/db.ts';
import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import * as store from './store.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'identity.mail_notice': { notice: string };
    'identity.tidy': Record<string, never>;
  }
}

/** What this module does in the background. */
export function jobs(parts: Parts): JobHandlersFor<'identity.mail_notice' | 'identity.tidy'> {
  return {
    'identity.mail_notice': ({ notice }) => mailNotice(parts, notice),
    'identity.tidy': async () => {
      const now = parts.now();
      await store.forgetOld(parts.pool.db, new Date(now.getTime() - 30 * 86_400_000));
    },
  };
}

export const schedules: readonly Schedule[] = [{ name: 'identity.tidy', cron: '17 3 * * *' }];

/** Sends one notice in the person's language. The row is held meanwhile: a crash after sending may send it twice, never not at all. */
async function mailNotice({ config, pool, now }: Parts, id: string): Promise<void> {
  const { url, from } = config.mail;
  if (!url) return;
  await transaction(pool.db, async (tx) => {
    const notice = await store.noticeToMail(tx, id);
    if (!notice) return;
    const chinese = notice.language === 'zh';
    const transport = createTransport({ url, connectionTimeout: 10_000, socketTimeout: 20_000 });
    try {
      await transport.sendMail({
        from: { name: config.name, address: from },
        to: { name: notice.name, address: notice.email },
        subject: chinese ? notice.title_zh : notice.title_en,
        text: letter(chinese ? 'zh' : 'en', notice, config.name),
        headers: { 'auto-submitted': 'auto-generated' },
      });
    } finally {
      transport.close();
    }
    await store.markMailed(tx, id, now());
  });
}

function letter(
  language: 'en' | 'zh',
  notice: { name: string; body_en: string; body_zh: string },
  from: string,
): string {
  return language === 'zh'
    ? `${notice.name}，您好：\n\n${notice.body_zh}\n\n${from}\n您可在个人设置中关闭邮件通知。\n`
    : `Dear ${notice.name},\n\n${notice.body_en}\n\n${from}\nYou can turn these mails off in your profile.\n`;
}
