import type { Place } from '../../rules/rule.ts';
import type { Action, Instruction } from '../items.ts';
import type { Report } from '../report.ts';
import { takerOf } from './element.ts';
import type { Element } from './element.ts';

const verbs: Readonly<Record<string, Action>> = {
  ADD: 'add',
  MODIFY: 'modify',
  CANCEL: 'cancel',
  SUPPRESS: 'suppress',
  HOLD: 'hold',
  RELEASE: 'release',
};

/** Reads the actions of a SUBMISSION (SRA.submission.xsd). ADD and MODIFY speak of the documents sent along. */
export function readActions(element: Element, place: Place, report: Report): readonly Instruction[] {
  const submission = takerOf(element, place, report);
  const instructions: Instruction[] = [];
  for (const name of [
    'alias',
    'accession',
    'center_name',
    'broker_name',
    'submission_date',
    'submission_comment',
    'lab_name',
  ])
    submission.attribute(name);
  submission.child('TITLE')?.text();
  for (const item of submission.child('ACTIONS')?.children('ACTION') ?? [])
    for (const [verb, action] of Object.entries(verbs))
      for (const order of item.children(verb)) {
        const target = order.attribute('target');
        const until = order.attribute('HoldUntilDate');
        order.attribute('source');
        order.attribute('schema');
        instructions.push({
          action,
          ...(target === undefined ? {} : { target }),
          ...(until === undefined ? {} : { until }),
        });
      }
  submission.finish();
  return instructions;
}
