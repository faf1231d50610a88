import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, text, uuid } from './page.ts';
import { defineProblems } from './problem.ts';
import { accessManner, objectType, submissionStatus } from './submission.ts';

const submissionParams = z.object({ submission: uuid });
const commentParams = submissionParams.extend({ comment: uuid });
const prose = z.string().trim().min(1).max(4000);

/** Where a remark points: the whole submission, one object of it, or one field of that object. */
export const remarkPlace = z.object({
  object: uuid.optional(),
  field: z.string().min(1).max(200).optional(),
});

/** Why a submission goes back: each reason may point at an object and a field. */
export const returnReason = remarkPlace.extend({ text: prose });

/** One reviewer's verdict on a submission as it stood in one round. */
export const reviewDecision = z.object({
  round: z.int().describe('Starts at 1; every time the submitter sends the submission in again opens the next'),
  reviewer: uuid,
  verdict: z.enum(['accept', 'return']),
  note: z.string().optional(),
  reasons: z.array(returnReason),
  at: z.iso.datetime(),
});

/** A dated rule that asks for more than one reviewer, and why it speaks here. */
export const reviewPolicy = z.object({
  id: z.string(),
  validFrom: z.iso.date(),
  source: text,
  reason: text,
  reviewers: z.int().min(1),
});

/** A submission as a curator sees it in the queue. */
export const reviewItem = z.object({
  submission: uuid,
  title: z.string(),
  organisation: uuid,
  submitter: uuid,
  status: submissionStatus,
  manner: accessManner,
  label,
  submittedAt: z.iso.datetime().optional(),
  releaseOn: z.iso.date().optional(),
  objects: z.record(z.string(), z.int()).describe('Object type to how many'),
  round: z.int(),
  claimedBy: uuid.optional(),
  claimedAt: z.iso.datetime().optional(),
  endorsements: z.int().describe('Reviewers who accepted in this round'),
  openComments: z.int(),
});
export type ReviewItem = z.infer<typeof reviewItem>;

/** Everything about the review of one submission. */
export const review = reviewItem.extend({
  version: z.int(),
  reviewersNeeded: z.int(),
  policies: z.array(reviewPolicy),
  decisions: z.array(reviewDecision),
});
export type Review = z.infer<typeof review>;

/** A remark of one side to the other, about a submission or a place in it. */
export const comment = remarkPlace.extend({
  id: uuid,
  submission: uuid,
  side: z.enum(['submitter', 'curator']),
  by: uuid,
  at: z.iso.datetime(),
  text: z.string(),
  resolvedAt: z.iso.datetime().optional(),
  resolvedBy: uuid.optional(),
});
export type Comment = z.infer<typeof comment>;

/** Accessions given to the objects of one type: within a submission they follow each other without a gap. */
export const accessionRange = z.object({ type: objectType, count: z.int(), first: z.string(), last: z.string() });

/** What became of an acceptance: `in_review` while another reviewer is needed. */
export const acceptance = z.object({
  submission: uuid,
  status: submissionStatus,
  version: z.int(),
  endorsements: z.int(),
  reviewersNeeded: z.int(),
  accessions: z.array(accessionRange),
});
export type Acceptance = z.infer<typeof acceptance>;

const newComment = remarkPlace.extend({ text: prose });

export const reviewRoutes = {
  reviewQueue: route({
    method: 'GET',
    path: '/review/queue',
    summary: { en: 'Submissions that wait for a curator, oldest first', zh: '待审核的提交，最早提交的在前' },
    caller: 'review',
    query: pageQuery.extend({
      claim: z.enum(['any', 'free', 'mine']).default('any'),
      manner: accessManner.optional(),
      organisation: uuid.optional(),
      type: objectType.optional().describe('Only submissions that hold an object of this type'),
      grade: z.coerce.number().int().min(1).max(4).optional().describe('At least this sensitivity'),
    }),
    reply: pageOf(reviewItem),
  }),
  getReview: route({
    method: 'GET',
    path: '/review/:submission',
    summary: {
      en: 'The review of a submission: claim, decisions, policies',
      zh: '某次提交的审核情况：认领、决定与适用规则',
    },
    caller: 'read',
    params: submissionParams,
    reply: review,
    etag: true,
  }),
  claimReview: route({
    method: 'POST',
    path: '/review/:submission/claim',
    summary: { en: 'Take a submission to review it', zh: '认领一项提交进行审核' },
    caller: 'review',
    params: submissionParams,
    reply: review,
    problems: ['review_claimed', 'transition_refused'],
  }),
  unclaimReview: route({
    method: 'DELETE',
    path: '/review/:submission/claim',
    summary: { en: 'Give a claimed submission back to the queue', zh: '放弃认领，退回审核队列' },
    caller: 'review',
    params: submissionParams,
    problems: ['review_claimed'],
  }),
  returnSubmission: route({
    method: 'POST',
    path: '/review/:submission/return',
    summary: { en: 'Send a submission back with reasons', zh: '说明理由并退回提交' },
    caller: 'review',
    params: submissionParams,
    body: z.object({ reasons: z.array(returnReason).min(1).max(500), note: prose.optional() }),
    reply: review,
    idempotent: true,
    etag: true,
    problems: ['review_claimed', 'remark_place_unknown', 'transition_refused'],
  }),
  acceptSubmission: route({
    method: 'POST',
    path: '/review/:submission/accept',
    summary: {
      en: 'Accept a submission; the last reviewer that the policies ask for gives the accessions',
      zh: '接收提交；规则要求的最后一位审核人接收后分配编号',
    },
    caller: 'review',
    params: submissionParams,
    body: z.object({ note: prose.optional() }),
    reply: acceptance,
    idempotent: true,
    etag: true,
    problems: [
      'review_claimed',
      'second_reviewer_needed',
      'reviewer_not_independent',
      'reference_not_accepted',
      'reference_circle',
      'transition_refused',
    ],
  }),
  listComments: route({
    method: 'GET',
    path: '/submissions/:submission/comments',
    summary: { en: 'Comments of both sides, oldest first', zh: '双方的评论，最早的在前' },
    caller: 'read',
    params: submissionParams,
    query: pageQuery.extend({ open: z.enum(['true', 'false']).optional().describe('true: only those not resolved') }),
    reply: pageOf(comment),
  }),
  commentAsSubmitter: route({
    method: 'POST',
    path: '/submissions/:submission/comments',
    summary: { en: 'Write to the curators', zh: '给审核人员留言' },
    caller: 'submit',
    params: submissionParams,
    body: newComment,
    reply: comment,
    status: 201,
    idempotent: true,
    problems: ['remark_place_unknown'],
  }),
  commentAsCurator: route({
    method: 'POST',
    path: '/review/:submission/comments',
    summary: { en: 'Write to the submitter', zh: '给提交人留言' },
    caller: 'review',
    params: submissionParams,
    body: newComment,
    reply: comment,
    status: 201,
    idempotent: true,
    problems: ['remark_place_unknown'],
  }),
  resolveCommentAsSubmitter: route({
    method: 'POST',
    path: '/submissions/:submission/comments/:comment/resolution',
    summary: { en: 'Mark a comment as settled (submitter)', zh: '将评论标记为已解决（提交人）' },
    caller: 'submit',
    params: commentParams,
    reply: comment,
  }),
  resolveCommentAsCurator: route({
    method: 'POST',
    path: '/review/:submission/comments/:comment/resolution',
    summary: { en: 'Mark a comment as settled (curator)', zh: '将评论标记为已解决（审核人）' },
    caller: 'review',
    params: commentParams,
    reply: comment,
  }),
};

export const reviewProblems = defineProblems({
  review_claimed: {
    status: 409,
    title: { en: 'Another curator has claimed this submission', zh: '该提交已由其他审核人认领' },
    hint: { en: 'Ask that curator to give it back.', zh: '请联系该审核人放弃认领。' },
  },
  second_reviewer_needed: {
    status: 409,
    title: {
      en: 'You have accepted already; a second reviewer must decide',
      zh: '您已接收该提交，须由另一位审核人作出决定',
    },
    hint: {
      en: 'Leave it to another curator. The review names the policy that asks for it.',
      zh: '请由其他审核人继续处理，审核信息中列有相应规则。',
    },
  },
  reviewer_not_independent: {
    status: 403,
    title: { en: 'A submitter of this submission cannot review it', zh: '提交人不能审核自己的提交' },
    hint: { en: 'Leave it to another curator.', zh: '请由其他审核人处理。' },
  },
  reference_circle: {
    status: 409,
    title: { en: 'References run in a circle: {path}', zh: '引用形成循环：{path}' },
    hint: {
      en: 'Another submission was accepted meanwhile. Return this one, so that one of the references is taken out.',
      zh: '期间另一次提交已被接收。请退回本次提交，并移除其中一处引用。',
    },
  },
  reference_not_accepted: {
    status: 409,
    title: {
      en: '{count} references point to objects that have no accession yet, the first is {target}',
      zh: '有 {count} 处引用指向尚未获得编号的对象，首个为 {target}',
    },
    hint: {
      en: 'Accept the submission of those objects first, or return this one.',
      zh: '请先接收这些对象所在的提交，或退回本次提交。',
    },
  },
  remark_place_unknown: {
    status: 422,
    title: { en: 'The object {object} is not part of this submission', zh: '对象 {object} 不属于本次提交' },
    hint: { en: 'Name an object of this submission, or none.', zh: '请填写本次提交中的对象，或留空。' },
  },
});

const decided = z.object({ round: z.int(), note: z.boolean() });

export const reviewEvents = defineEvents({
  'review.claimed': z.object({}),
  'review.unclaimed': z.object({}),
  'review.commented': z.object({ comment: uuid, side: z.enum(['submitter', 'curator']), object: uuid.optional() }),
  'review.comment_resolved': z.object({ comment: uuid, side: z.enum(['submitter', 'curator']) }),
  'review.returned': decided.extend({ reasons: z.int() }),
  'review.endorsed': decided.extend({ endorsements: z.int(), needed: z.int(), policies: z.array(z.string()) }),
  'review.accepted': decided.extend({
    endorsements: z.int(),
    policies: z.array(z.string()),
    accessions: z.array(accessionRange),
    revised: z.int().describe('Objects that got a new version'),
  }),
});
