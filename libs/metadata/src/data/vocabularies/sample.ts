import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Sex of an organism. */
export const sex: Vocabulary = {
  name: "sex",
  version: "2026-11",
  source: "INSDC /sex qualifier; ENA checklists",
  terms: [
    { value: "female", synonyms: ["F", "女", "雌"], label: {"en": "female", "zh": "雌性/女"} },
    { value: "male", synonyms: ["M", "男", "雄"], label: {"en": "male", "zh": "雄性/男"} },
    { value: "hermaphrodite", label: {"en": "hermaphrodite", "zh": "雌雄同体"} },
    { value: "neuter", label: {"en": "neuter", "zh": "中性"} },
    { value: "pooled male and female", label: {"en": "pooled male and female", "zh": "雌雄混合"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};

/** Health of a host at sampling. */
export const healthState: Vocabulary = {
  name: "host_health_state",
  version: "2026-11",
  source: "ENA ERC000033",
  terms: [
    { value: "diseased", synonyms: ["sick", "ill"], label: {"en": "diseased", "zh": "患病"} },
    { value: "healthy", label: {"en": "healthy", "zh": "健康"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};

/** How the disease of a host ended. */
export const diseaseOutcome: Vocabulary = {
  name: "host_disease_outcome",
  version: "2026-11",
  source: "ENA ERC000033",
  terms: [
    { value: "dead", synonyms: ["deceased"], label: {"en": "dead", "zh": "死亡"} },
    { value: "recovered", label: {"en": "recovered", "zh": "康复"} },
    { value: "recovered with sequelae", label: {"en": "recovered with sequelae", "zh": "康复伴后遗症"} },
  ],
};

/** Why a sample was taken. */
export const sampleCapture: Vocabulary = {
  name: "purpose_of_sampling",
  version: "2026-11",
  source: "ENA ERC000033",
  terms: [
    { value: "active surveillance in response to outbreak", label: {"en": "active surveillance in response to outbreak", "zh": "因暴发开展的主动监测"} },
    { value: "active surveillance not initiated by an outbreak", label: {"en": "active surveillance not initiated by an outbreak", "zh": "非暴发引起的主动监测"} },
    { value: "farm sample", label: {"en": "farm sample", "zh": "养殖场样本"} },
    { value: "market sample", label: {"en": "market sample", "zh": "市场样本"} },
    { value: "pet sample", label: {"en": "pet sample", "zh": "宠物样本"} },
    { value: "zoo sample", label: {"en": "zoo sample", "zh": "动物园样本"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};

/** Whether an organism needs or shuns oxygen. */
export const relToOxygen: Vocabulary = {
  name: "rel_to_oxygen",
  version: "2026-11",
  source: "MIxS 7.0.1",
  terms: [
    { value: "aerobe", label: {"en": "aerobe", "zh": "需氧"} },
    { value: "anaerobe", label: {"en": "anaerobe", "zh": "厌氧"} },
    { value: "facultative", label: {"en": "facultative", "zh": "兼性"} },
    { value: "microaerophilic", label: {"en": "microaerophilic", "zh": "微需氧"} },
    { value: "microanaerobe", label: {"en": "microanaerobe", "zh": "微厌氧"} },
    { value: "obligate aerobe", label: {"en": "obligate aerobe", "zh": "专性需氧"} },
    { value: "obligate anaerobe", label: {"en": "obligate anaerobe", "zh": "专性厌氧"} },
  ],
};

/** Ploidy of a genome. */
export const ploidy: Vocabulary = {
  name: "ploidy",
  version: "2026-11",
  source: "MIxS 7.0.1",
  terms: [
    { value: "haploid", label: {"en": "haploid", "zh": "单倍体"} },
    { value: "diploid", label: {"en": "diploid", "zh": "二倍体"} },
    { value: "triploid", label: {"en": "triploid", "zh": "三倍体"} },
    { value: "tetraploid", label: {"en": "tetraploid", "zh": "四倍体"} },
    { value: "allopolyploid", label: {"en": "allopolyploid", "zh": "异源多倍体"} },
    { value: "polyploid", label: {"en": "polyploid", "zh": "多倍体"} },
  ],
};

/** How material was kept. */
export const tissueState: Vocabulary = {
  name: "preservation",
  version: "2026-11",
  source: "CNSA/STOmics; MIxS samp_store",
  terms: [
    { value: "fresh", label: {"en": "fresh", "zh": "新鲜"} },
    { value: "frozen", label: {"en": "frozen", "zh": "冷冻"} },
    { value: "FFPE", synonyms: ["formalin-fixed paraffin-embedded"], label: {"en": "FFPE", "zh": "石蜡包埋"} },
    { value: "RNAlater", label: {"en": "RNAlater", "zh": "RNAlater"} },
    { value: "ethanol", label: {"en": "ethanol", "zh": "乙醇"} },
    { value: "dried", label: {"en": "dried", "zh": "干燥"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};

/** Organelle that a sequence comes from. */
export const organelle: Vocabulary = {
  name: "organelle",
  version: "2026-11",
  source: "INSDC /organelle qualifier",
  terms: [
    { value: "chromatophore", label: {"en": "chromatophore", "zh": "载色体"} },
    { value: "hydrogenosome", label: {"en": "hydrogenosome", "zh": "氢化酶体"} },
    { value: "mitochondrion", label: {"en": "mitochondrion", "zh": "线粒体"} },
    { value: "nucleomorph", label: {"en": "nucleomorph", "zh": "核形体"} },
    { value: "plastid", label: {"en": "plastid", "zh": "质体"} },
    { value: "mitochondrion:kinetoplast", label: {"en": "mitochondrion:kinetoplast", "zh": "线粒体:动基体"} },
    { value: "plastid:chloroplast", label: {"en": "plastid:chloroplast", "zh": "质体:叶绿体"} },
    { value: "plastid:apicoplast", label: {"en": "plastid:apicoplast", "zh": "质体:顶质体"} },
    { value: "plastid:chromoplast", label: {"en": "plastid:chromoplast", "zh": "质体:有色体"} },
    { value: "plastid:cyanelle", label: {"en": "plastid:cyanelle", "zh": "质体:蓝小体"} },
    { value: "plastid:leucoplast", label: {"en": "plastid:leucoplast", "zh": "质体:白色体"} },
    { value: "plastid:proplastid", label: {"en": "plastid:proplastid", "zh": "质体:前质体"} },
  ],
};

/** Technique of a metabolite assay. */
export const metaboliteTechnique: Vocabulary = {
  name: "technique",
  version: "2026-11",
  source: "MetaboLights assay techniques",
  terms: [
    { value: "LC-MS", label: {"en": "LC-MS", "zh": "液相色谱-质谱"} },
    { value: "GC-MS", label: {"en": "GC-MS", "zh": "气相色谱-质谱"} },
    { value: "CE-MS", label: {"en": "CE-MS", "zh": "毛细管电泳-质谱"} },
    { value: "DI-MS", label: {"en": "DI-MS", "zh": "直接进样质谱"} },
    { value: "MS imaging", label: {"en": "MS imaging", "zh": "质谱成像"} },
    { value: "NMR", label: {"en": "NMR", "zh": "核磁共振"} },
    { value: "LC-DAD", label: {"en": "LC-DAD", "zh": "液相色谱-二极管阵列"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};

/** How single cells were set apart. */
export const cellIsolation: Vocabulary = {
  name: "isolation_method",
  version: "2026-11",
  source: "10x, GEO and CNSA single-cell fields",
  terms: [
    { value: "droplet", label: {"en": "droplet", "zh": "液滴微流控"} },
    { value: "FACS", label: {"en": "FACS", "zh": "流式分选"} },
    { value: "plate", label: {"en": "plate", "zh": "孔板分选"} },
    { value: "microwell", label: {"en": "microwell", "zh": "微孔"} },
    { value: "laser capture microdissection", label: {"en": "laser capture microdissection", "zh": "激光显微切割"} },
    { value: "manual picking", label: {"en": "manual picking", "zh": "手工挑取"} },
    { value: "spatial", label: {"en": "spatial", "zh": "空间捕获"} },
    { value: "other", label: {"en": "other", "zh": "其他"} },
  ],
};
