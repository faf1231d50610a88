import type { Landing } from '@geneward/api';
import { Code, Group, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Copy } from '../../app/copy.tsx';
import { currentLanguage } from '../../app/client.ts';
import classes from './catalog.module.css';

/** A citation in the forms that texts and reference managers take. */
export function Cite({ citation }: { citation: Landing['citation'] }) {
  const { t } = useTranslation('catalog');
  const here = (text: string) => text.replaceAll(/(^|\s|\{|。)(\/objects\/)/g, `$1${location.origin}$2`);
  const forms = [
    { name: 'text', label: t('text'), text: here(citation.text[currentLanguage()]) },
    { name: 'bibtex', label: 'BibTeX', text: here(citation.bibtex) },
    { name: 'ris', label: 'RIS', text: here(citation.ris) },
  ];
  return (
    <Tabs defaultValue="text">
      <Tabs.List mb="sm">
        {forms.map(({ name, label }) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {forms.map(({ name, text }) => (
        <Tabs.Panel key={name} value={name}>
          <Group align="flex-start" wrap="nowrap">
            <Code block className={classes['pre'] ?? ''} style={{ flex: 1 }}>
              {text}
            </Code>
            <Copy text={text} />
          </Group>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
