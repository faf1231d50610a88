import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import { catalogMessages } from '../features/catalog/messages.ts';
import { filesMessages } from '../features/files/messages.ts';
import { identityMessages } from '../features/identity/messages.ts';
import { ledgerMessages } from '../features/ledger/messages.ts';
import { submissionMessages } from '../features/submission/messages.ts';
import { virusMessages } from '../features/virus/messages.ts';
import type { Language } from './client.ts';
import { shellMessages } from './messages.ts';

const namespaces = {
  shell: shellMessages,
  catalog: catalogMessages,
  files: filesMessages,
  identity: identityMessages,
  ledger: ledgerMessages,
  submission: submissionMessages,
  virus: virusMessages,
};
type Words = { [K in keyof typeof namespaces]: (typeof namespaces)[K]['en'] };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: Words;
  }
}

const kept = 'geneward.language';

/** The language that was chosen here before, else the browser's. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(kept);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

/** Sets the language of the pages and of what the server answers, and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(kept, language);
  await i18n.changeLanguage(language);
}

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
});

const resourcesOf = (language: Language) =>
  Object.fromEntries(Object.entries(namespaces).map(([name, messages]) => [name, messages[language]]));

export const started = i18n.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'en',
  defaultNS: 'shell',
  resources: { en: resourcesOf('en'), zh: resourcesOf('zh') },
  interpolation: { escapeValue: false },
});
