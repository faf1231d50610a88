/** What of a job decides who may learn what. */
export interface JobShape {
  /** How it is computed: `sum` is layer A, `replicated` is layer B, `intersection` is layer C. */
  readonly layer: 'sum' | 'replicated' | 'intersection';
  /** Institutions that give data, by name. */
  readonly inputs: readonly string[];
  /** The three compute nodes of `replicated`, by name; may be institutions that give data. */
  readonly nodes?: readonly [string, string, string];
  /** `semi-honest`: protected against partners who follow the protocol only. Layer A and C are always so. */
  readonly mode: 'semi-honest' | 'malicious';
  readonly recipients: readonly string[];
  /** Only of `intersection`. */
  readonly reveal?: 'items' | 'cardinality';
  /** Cells below this are suppressed before opening; absent when nothing is suppressed. */
  readonly minimumCell?: number;
  /** Counts below this are left out of the released result only; the parties' programs see them. */
  readonly releaseCell?: number;
  /** What is opened on the way to the result, as the end of "… learn". */
  readonly opened?: Text;
  /** The parties show each other the places and alleles of their variants. */
  readonly variantLists?: boolean;
  /** Genotypes lie with one institution, phenotypes of the same individuals with another. */
  readonly split?: { readonly genotypes: string; readonly phenotypes: string };
  /** Whom the platform keeps the result for, beside the parties; absent when it never gets the result. */
  readonly platform?: readonly string[];
}

export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** One thing that somebody learns; `who` acting together. */
export interface Learnt {
  readonly code:
    | 'result'
    | 'opened'
    | 'individuals'
    | 'variant-lists'
    | 'platform'
    | 'own-data'
    | 'two-party-total'
    | 'rest-total'
    | 'all-inputs'
    | 'partner-set'
    | 'partner-count'
    | 'sizes'
    | 'nothing'
    | 'unchecked'
    | 'small-cells'
    | 'common-individuals'
    | 'solvable'
    | 'made-up';
  readonly who: readonly string[];
  /** `always` in every run, `collusion` when they put what they saw together, `deviation` when one breaks the protocol. */
  readonly when: 'always' | 'collusion' | 'deviation';
  readonly text: Text;
}

const names = (list: readonly string[], last: string): string =>
  list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')}${last}${list.at(-1) ?? ''}`;
const en = (list: readonly string[]): string => names(list, ' and ');
const zh = (list: readonly string[]): string => names(list, '和').replaceAll(', ', '、');

/** All that a job lets anybody learn, for the people who approve it. Follows docs/mpc-security.md sentence by sentence. */
export function explain(job: JobShape): Learnt[] {
  check(job);
  const everybody = [...new Set([...job.inputs, ...(job.nodes ?? []), ...job.recipients])];
  const openTo = job.layer === 'replicated' ? [...new Set([...(job.nodes ?? []), ...job.recipients])] : job.inputs;
  const common: Learnt[] =
    job.layer === 'intersection'
      ? []
      : [
          {
            code: 'result',
            who: job.layer === 'sum' ? [...new Set([...job.inputs, ...job.recipients])] : openTo,
            when: 'always',
            text: {
              en: `${en(openTo)} see the result of the job.`,
              zh: `${zh(openTo)}会看到任务结果。`,
            },
          },
        ];
  const sizes: Learnt = {
    code: 'sizes',
    who: everybody,
    when: 'always',
    text: {
      en: 'Everybody sees how many variants, variables or records the job is about, and when each party works.',
      zh: '各方都会看到任务涉及的位点、变量或记录数量,以及各方的工作时间。',
    },
  };
  return [
    ...common,
    ...onTheWay(job, openTo),
    sizes,
    ...byLayer[job.layer](job),
    ...cells(job),
    ...(job.split ? splitStudy(job.split) : []),
    ...(job.variantLists === true ? [variantLists(job.split ? [job.split.genotypes] : job.inputs)] : []),
    ownData(job.inputs),
    platform(job),
  ];
}

/** What is opened before the result is there, and that nothing of one individual is among it. */
const onTheWay = ({ opened, layer }: JobShape, openTo: readonly string[]): Learnt[] => [
  ...(opened
    ? [
        {
          code: 'opened' as const,
          who: openTo,
          when: 'always' as const,
          text: { en: `${en(openTo)} learn ${opened.en}.`, zh: `${zh(openTo)}会得知${opened.zh}。` },
        },
      ]
    : []),
  ...(layer === 'sum'
    ? [
        {
          code: 'individuals' as const,
          who: [],
          when: 'always' as const,
          text: {
            en: 'Nobody, the platform included, receives a value of a single individual: what leaves a party is masked with random numbers that cancel only in the total.',
            zh: '任何人(包括平台)都不会收到个体数值:离开参与方的数据均以随机数掩盖,只有求和后才抵消。',
          },
        },
      ]
    : []),
];

/** What follows from genotypes and phenotypes of the same individuals at two institutions, whatever the protocol. */
const splitStudy = ({ genotypes, phenotypes }: { genotypes: string; phenotypes: string }): Learnt[] => [
  {
    code: 'common-individuals',
    who: [genotypes, phenotypes],
    when: 'always',
    text: {
      en: `${genotypes} and ${phenotypes} learn which of their own individuals the other has too, with complete phenotypes; the others learn how many.`,
      zh: `${genotypes}和${phenotypes}会得知自己的哪些个体对方也有(且表型完整);其他方只得知人数。`,
    },
  },
  {
    code: 'solvable',
    who: [genotypes],
    when: 'always',
    text: {
      en: `Results are equations about phenotypes, with genotypes that ${genotypes} knows: with about as many variants as individuals ${genotypes} can work out the phenotype of each individual. Take fewer variants, or trust ${genotypes} with the phenotypes.`,
      zh: `结果是关于表型的方程,而${genotypes}知道其中的基因型:当变异数接近个体数时,${genotypes}可推算出每个个体的表型。请减少变异数,或仅在可将表型托付给${genotypes}时批准。`,
    },
  },
  {
    code: 'made-up',
    who: [genotypes, phenotypes],
    when: 'deviation',
    text: {
      en: `Who makes up data can single out individuals of the other: ${phenotypes} with a phenotype that only one individual has reads the genotypes of that one, ${genotypes} with made-up variants reads phenotypes. Commitments do not prevent it; a replay by an auditor shows what was used.`,
      zh: `编造数据者可针对对方的个体:${phenotypes}若设定仅一人具有的表型,可读出其基因型;${genotypes}若编造变异,可读出表型。承诺不能阻止此事,但审计者重放可显示所用数据。`,
    },
  },
];

const variantLists = (who: readonly string[]): Learnt => ({
  code: 'variant-lists',
  who,
  when: 'always',
  text: {
    en: 'The parties show each other which variants they have (position and alleles, no genotypes). A rare variant in such a list tells that somebody at that institution carries it.',
    zh: '各方互相出示变异清单(位置与等位基因,不含基因型)。清单中的罕见变异会透露该机构有人携带。',
  },
});

const ownData = (who: readonly string[]): Learnt => ({
  code: 'own-data',
  who,
  when: 'deviation',
  text: {
    en: 'Who lies about their own data can falsify the result, and that is not noticed.',
    zh: '谎报自身数据者可使结果失真,且不会被发现。',
  },
});

const platform = ({ platform: readers }: JobShape): Learnt => ({
  code: 'platform',
  who: readers ?? [],
  when: 'always',
  text:
    readers === undefined
      ? {
          en: 'The platform gets the hash of the result and never the result.',
          zh: '平台只得到结果的哈希值,不会得到结果本身。',
        }
      : readers.length === 0
        ? {
            en: 'The platform keeps the result, for the parties only.',
            zh: '平台保存结果,仅供各参与方查看。',
          }
        : {
            en: `The platform keeps the result, for the parties and for ${en(readers)}.`,
            zh: `平台保存结果,供各参与方及${zh(readers)}查看。`,
          },
});

const byLayer: Readonly<Record<JobShape['layer'], (job: JobShape) => Learnt[]>> = {
  sum: ({ inputs }) => [
    ...(inputs.length === 2 ? inputs.map((who, at) => twoParty(who, inputs[1 - at] ?? '')) : coalitions(inputs)),
    unchecked(inputs),
  ],
  replicated({ nodes = ['', '', ''], mode }) {
    const pairs = [
      [nodes[0], nodes[1]],
      [nodes[1], nodes[2]],
      [nodes[0], nodes[2]],
    ];
    return [
      ...nodes.map((who): Learnt => ({
        code: 'nothing',
        who: [who],
        when: mode === 'malicious' ? 'deviation' : 'always',
        text: {
          en: `${who} alone learns nothing of the others' data beyond the result${mode === 'malicious' ? ', whatever it does' : ', as long as it follows the protocol'}.`,
          zh: `${who}单独无法得知他方数据(结果除外)${mode === 'malicious' ? ',无论其如何行事' : ',前提是其遵守协议'}。`,
        },
      })),
      ...pairs.map((who): Learnt => ({
        code: 'all-inputs',
        who,
        when: 'collusion',
        text: {
          en: `${en(who)} together can see the data of every institution.`,
          zh: `${zh(who)}若串通,可看到所有机构的数据。`,
        },
      })),
      ...(mode === 'semi-honest' ? [unchecked(nodes)] : []),
    ];
  },
  intersection: ({ inputs, reveal }) => [
    ...inputs.map((who, at): Learnt => {
      const partner = inputs[1 - at] ?? '';
      return reveal === 'items'
        ? {
            code: 'partner-set',
            who: [who],
            when: 'always',
            text: {
              en: `${who} learns which of its own identifiers ${partner} has too.`,
              zh: `${who}会得知自己的哪些标识${partner}也有。`,
            },
          }
        : {
            code: 'partner-count',
            who: [who],
            when: 'always',
            text: {
              en: `${who} learns how many of its identifiers ${partner} has too, and not which.`,
              zh: `${who}会得知有多少标识${partner}也有,但不知是哪些。`,
            },
          };
    }),
    ...inputs.map((who): Learnt => ({
      code: 'unchecked',
      who: [who],
      when: 'deviation',
      text: {
        en: `${who} can ask about identifiers that it made up, up to the agreed number, or falsify the answer.`,
        zh: `${who}可用编造的标识查询(不超过约定数量),也可伪造结果。`,
      },
    })),
  ],
};

const twoParty = (who: string, partner: string): Learnt => ({
  code: 'two-party-total',
  who: [who],
  when: 'always',
  text: {
    en: `There are only two parties: ${who} gets the totals of ${partner} exactly, by taking off its own.`,
    zh: `仅有两方:${who}减去自己的数值即可准确得到${partner}的合计值。`,
  },
});

/** Up to so many parties each coalition is named. */
const namedParties = 5;

/** Everybody but one against that one is the worst; smaller groups learn the total of the larger rest. */
function coalitions(inputs: readonly string[]): Learnt[] {
  if (inputs.length > namedParties) {
    const many = inputs.length - 1;
    return [
      {
        code: 'rest-total',
        who: inputs,
        when: 'collusion',
        text: {
          en: `Any ${many} of the parties together get the totals of the remaining one; fewer get only the total of all others.`,
          zh: `任意${many}方若串通,可得到剩余一方的合计值;人数更少时只能得到其余各方的总和。`,
        },
      },
    ];
  }
  return inputs.map((victim) => {
    const who = inputs.filter((name) => name !== victim);
    return {
      code: 'rest-total',
      who,
      when: 'collusion',
      text: {
        en: `${en(who)} together get the totals of ${victim}; fewer of them get only the total of all others.`,
        zh: `${zh(who)}若串通,可得到${victim}的合计值;人数更少时只能得到其余各方的总和。`,
      },
    };
  });
}

const unchecked = (who: readonly string[]): Learnt => ({
  code: 'unchecked',
  who,
  when: 'deviation',
  text: {
    en: `Any one of ${en(who)} can falsify the result without being caught.`,
    zh: `${zh(who)}中任何一方都可能篡改结果而不被发现。`,
  },
});

const cells = ({ layer, minimumCell, releaseCell }: JobShape): Learnt[] =>
  layer === 'intersection'
    ? []
    : [
        minimumCell === undefined && releaseCell !== undefined && releaseCell > 0
          ? {
              code: 'small-cells',
              who: [],
              when: 'always',
              text: {
                en: `Counts below ${releaseCell} are left out of the released result, but the parties' programs see them: it is a rule of release, not of the cryptography.`,
                zh: `小于${releaseCell}的计数不出现在发布结果中,但各方程序可见:此为发布规则,而非密码学保证。`,
              },
            }
          : minimumCell === undefined
            ? {
                code: 'small-cells',
                who: [],
                when: 'always',
                text: {
                  en: 'Small cells are not suppressed: a rare value may point to one person.',
                  zh: '未隐去小计数:罕见取值可能指向个人。',
                },
              }
            : {
                code: 'small-cells',
                who: [],
                when: 'always',
                text: {
                  en: `Of a table with a cell below ${minimumCell} only the fact that it was suppressed is seen.`,
                  zh: `含有小于${minimumCell}的单元格的表,只显示其已被隐去。`,
                },
              },
      ];

function check({ layer, inputs, nodes, reveal, mode, minimumCell }: JobShape): void {
  if (inputs.length < 1 || new Set(inputs).size !== inputs.length) throw new RangeError('inputs: different parties');
  if (layer === 'replicated' ? !nodes || new Set(nodes).size !== 3 : nodes)
    throw new RangeError('three different nodes, with replicated sharing only');
  if (layer !== 'replicated' && (mode === 'malicious' || inputs.length < 2))
    throw new RangeError('two parties at least, and no malicious mode, outside replicated sharing');
  if (layer === 'intersection' ? inputs.length !== 2 || !reveal : reveal)
    throw new RangeError('an intersection has two parties and says what it reveals');
  if (minimumCell !== undefined && layer !== 'replicated')
    throw new RangeError('cells are suppressed before opening with replicated sharing only');
}
