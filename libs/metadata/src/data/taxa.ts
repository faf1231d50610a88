/** Release of the NCBI taxonomy that the lines were taken from. */
export const builtInVersion = 'NCBI 2024-09-07, selection';

/**
 * A small part of the NCBI taxonomy (public domain), for installations that have not loaded all of it: identifier, parent,
 * rank, scientific name, other names (`zh:` Chinese). Lineages are thinned to genus, family, phylum and above.
 */
export const taxonLines = `
1|1|no rank|root|
2|131567|superkingdom|Bacteria|
194|72294|genus|Campylobacter|
197|194|species|Campylobacter jejuni|zh:空肠弯曲菌
209|72293|genus|Helicobacter|
210|209|species|Helicobacter pylori|zh:幽门螺杆菌
234|118882|genus|Brucella|
286|135621|genus|Pseudomonas|
287|286|species|Pseudomonas aeruginosa|zh:铜绿假单胞菌
357|82115|genus|Agrobacterium|
358|357|species|Agrobacterium tumefaciens|Rhizobium radiobacter;zh:根癌农杆菌
444|1224|family|Legionellaceae|
445|444|genus|Legionella|
446|445|species|Legionella pneumophila|zh:嗜肺军团菌
468|1224|family|Moraxellaceae|
469|468|genus|Acinetobacter|
470|469|species|Acinetobacter baumannii|zh:鲍曼不动杆菌
481|1224|family|Neisseriaceae|
482|481|genus|Neisseria|
485|482|species|Neisseria gonorrhoeae|zh:淋病奈瑟菌
487|482|species|Neisseria meningitidis|zh:脑膜炎奈瑟菌
543|1224|family|Enterobacteriaceae|
547|543|genus|Enterobacter|
550|547|species|Enterobacter cloacae|zh:阴沟肠杆菌
561|543|genus|Escherichia|
562|561|species|Escherichia coli|E. coli;E. coli;zh:大肠杆菌;zh:大肠埃希菌
570|543|genus|Klebsiella|
573|570|species|Klebsiella pneumoniae|zh:肺炎克雷伯菌
590|543|genus|Salmonella|
620|543|genus|Shigella|
623|620|species|Shigella flexneri|zh:福氏志贺菌
629|1903411|genus|Yersinia|
632|629|species|Yersinia pestis|zh:鼠疫耶尔森菌
641|1224|family|Vibrionaceae|
662|641|genus|Vibrio|
666|662|species|Vibrio cholerae|zh:霍乱弧菌
670|662|species|Vibrio parahaemolyticus|zh:副溶血性弧菌
712|1224|family|Pasteurellaceae|
724|712|genus|Haemophilus|
727|724|species|Haemophilus influenzae|zh:流感嗜血杆菌
815|976|family|Bacteroidaceae|
816|815|genus|Bacteroides|
817|816|species|Bacteroides fragilis|zh:脆弱拟杆菌
853|216851|species|Faecalibacterium prausnitzii|
976|2|phylum|Bacteroidota|
1224|2|phylum|Pseudomonadota|
1239|2|phylum|Bacillota|
1279|90964|genus|Staphylococcus|
1280|1279|species|Staphylococcus aureus|S. aureus;zh:金黄色葡萄球菌
1300|1239|family|Streptococcaceae|
1301|1300|genus|Streptococcus|
1304|1301|species|Streptococcus salivarius|zh:唾液链球菌
1313|1301|species|Streptococcus pneumoniae|zh:肺炎链球菌
1314|1301|species|Streptococcus pyogenes|zh:化脓性链球菌
1350|81852|genus|Enterococcus|
1351|1350|species|Enterococcus faecalis|zh:粪肠球菌
1352|1350|species|Enterococcus faecium|zh:屎肠球菌
1386|186817|genus|Bacillus|
1392|1386|species|Bacillus anthracis|anthrax bacterium;zh:炭疽芽孢杆菌
1423|1386|species|Bacillus subtilis|B. subtilis;zh:枯草芽孢杆菌
1496|1870884|species|Clostridioides difficile|zh:艰难梭菌
1590|2767842|species|Lactiplantibacillus plantarum|Lactobacillus plantarum;zh:植物乳杆菌
1637|186820|genus|Listeria|
1639|1637|species|Listeria monocytogenes|zh:单核细胞增生李斯特菌
1653|201174|family|Corynebacteriaceae|
1678|31953|genus|Bifidobacterium|
1716|1653|genus|Corynebacterium|
1718|1716|species|Corynebacterium glutamicum|zh:谷氨酸棒杆菌
1762|201174|family|Mycobacteriaceae|
1763|1762|genus|Mycobacterium|
1773|1763|species|Mycobacterium tuberculosis|zh:结核分枝杆菌
1883|2062|genus|Streptomyces|
1902|1883|species|Streptomyces coelicolor|zh:天蓝色链霉菌
2062|201174|family|Streptomycetaceae|
2157|131567|superkingdom|Archaea|
2159|28890|family|Methanobacteriaceae|
2172|2159|genus|Methanobrevibacter|
2173|2172|species|Methanobrevibacter smithii|
2190|196118|species|Methanocaldococcus jannaschii|
2246|2251|species|Haloferax volcanii|
2251|1644056|genus|Haloferax|
2284|118883|genus|Sulfolobus|
2285|2284|species|Sulfolobus acidocaldarius|
2706|23513|genus|Citrus|
2711|2706|species|Citrus sinensis|sweet orange;zh:甜橙
2759|131567|superkingdom|Eukaryota|
3041|33090|phylum|Chlorophyta|
3051|3041|family|Chlamydomonadaceae|
3052|3051|genus|Chlamydomonas|
3055|3052|species|Chlamydomonas reinhardtii|zh:莱茵衣藻
3193|35493|clade|Embryophyta|
3196|29585|genus|Marchantia|
3197|3196|species|Marchantia polymorpha|liverwort;zh:地钱
3216|3193|family|Funariaceae|
3218|37414|species|Physcomitrium patens|zh:小立碗藓
3309|3193|family|Ginkgoaceae|
3310|3309|genus|Ginkgo|
3311|3310|species|Ginkgo biloba|maidenhair tree;zh:银杏
3602|3193|family|Vitaceae|
3603|3602|genus|Vitis|
3629|3193|family|Malvaceae|
3633|3629|genus|Gossypium|
3635|3633|species|Gossypium hirsutum|cotton;zh:陆地棉;zh:棉花
3650|3193|family|Cucurbitaceae|
3655|3650|genus|Cucumis|
3659|3655|species|Cucumis sativus|cucumber;zh:黄瓜
3688|3193|family|Salicaceae|
3689|3688|genus|Populus|
3694|3689|species|Populus trichocarpa|black cottonwood;zh:毛果杨
3700|3193|family|Brassicaceae|
3701|3700|genus|Arabidopsis|
3702|3701|species|Arabidopsis thaliana|thale cress;zh:拟南芥
3705|3700|genus|Brassica|
3708|3705|species|Brassica napus|rape;zh:油菜;zh:甘蓝型油菜
3711|3705|species|Brassica rapa|field mustard;zh:白菜
3745|3193|family|Rosaceae|
3749|3745|genus|Malus|
3750|3749|species|Malus domestica|apple;zh:苹果
3803|3193|family|Fabaceae|
3817|3803|genus|Arachis|
3818|3817|species|Arachis hypogaea|peanut;zh:花生
3846|3803|genus|Glycine|
3847|3846|species|Glycine max|soybean;zh:大豆
3867|3803|genus|Lotus|
3877|3803|genus|Medicago|
3880|3877|species|Medicago truncatula|barrel medic;zh:蒺藜苜蓿
3977|3193|family|Euphorbiaceae|
3982|3977|genus|Manihot|
3983|3982|species|Manihot esculenta|cassava;zh:木薯
4070|3193|family|Solanaceae|
4081|4107|species|Solanum lycopersicum|tomato;zh:番茄
4085|4070|genus|Nicotiana|
4097|4085|species|Nicotiana tabacum|common tobacco;zh:烟草
4100|4085|species|Nicotiana benthamiana|zh:本氏烟草
4107|4070|genus|Solanum|
4113|4107|species|Solanum tuberosum|potato;zh:马铃薯
4441|27065|genus|Camellia|
4442|4441|species|Camellia sinensis|black tea;zh:茶;zh:茶树
4479|3193|family|Poaceae|
4512|4479|genus|Hordeum|
4513|4512|species|Hordeum vulgare|barley;zh:大麦
4527|4479|genus|Oryza|
4530|4527|species|Oryza sativa|Asian cultivated rice;zh:水稻;zh:稻
4554|4479|genus|Setaria|
4555|4554|species|Setaria italica|foxtail millet;zh:谷子
4557|4479|genus|Sorghum|
4558|4557|species|Sorghum bicolor|sorghum;zh:高粱
4564|4479|genus|Triticum|
4565|4564|species|Triticum aestivum|bread wheat;zh:小麦;zh:普通小麦
4575|4479|genus|Zea|
4577|4575|species|Zea mays|maize;zh:玉米
4637|3193|family|Musaceae|
4640|4637|genus|Musa|
4641|4640|species|Musa acuminata|dwarf banana;zh:香蕉
4751|2759|kingdom|Fungi|
4753|44281|genus|Pneumocystis|
4890|4751|phylum|Ascomycota|
4893|4890|family|Saccharomycetaceae|
4894|4890|family|Schizosaccharomycetaceae|
4895|4894|genus|Schizosaccharomyces|
4896|4895|species|Schizosaccharomyces pombe|fission yeast;zh:粟酒裂殖酵母
4930|4893|genus|Saccharomyces|
4932|4930|species|Saccharomyces cerevisiae|brewer's yeast;S. cerevisiae;zh:酿酒酵母
5052|1131492|genus|Aspergillus|
5061|5052|species|Aspergillus niger|zh:黑曲霉
5062|5052|species|Aspergillus oryzae|zh:米曲霉
5140|5148|genus|Neurospora|
5141|5140|species|Neurospora crassa|zh:粗糙脉孢菌
5148|4890|family|Sordariaceae|
5204|4751|phylum|Basidiomycota|
5206|1884633|genus|Cryptococcus|
5207|5206|species|Cryptococcus neoformans|zh:新型隐球菌
5314|5317|genus|Ganoderma|
5315|5314|species|Ganoderma lucidum|zh:灵芝
5317|5204|family|Polyporaceae|
5339|5204|family|Agaricaceae|
5340|5339|genus|Agaricus|
5341|5340|species|Agaricus bisporus|button mushroom;zh:双孢蘑菇
5475|766764|genus|Candida|
5476|5475|species|Candida albicans|zh:白色念珠菌
5506|110618|genus|Fusarium|
5518|5506|species|Fusarium graminearum|zh:禾谷镰刀菌
5654|33682|family|Trypanosomatidae|
5658|5654|genus|Leishmania|
5664|5658|species|Leishmania major|
5690|5654|genus|Trypanosoma|
5691|5690|species|Trypanosoma brucei|
5782|2058185|genus|Dictyostelium|
5794|2759|phylum|Apicomplexa|
5809|5794|family|Sarcocystidae|
5810|5809|genus|Toxoplasma|
5811|5810|species|Toxoplasma gondii|zh:弓形虫
5820|1639119|genus|Plasmodium|
5833|5820|species|Plasmodium falciparum|malaria parasite P. falciparum;zh:恶性疟原虫
5878|2759|phylum|Ciliophora|
5890|291294|genus|Tetrahymena|
5911|5890|species|Tetrahymena thermophila|
6157|33208|phylum|Platyhelminthes|
6181|31245|genus|Schistosoma|
6182|6181|species|Schistosoma japonicum|zh:日本血吸虫
6231|33208|phylum|Nematoda|
6237|6243|genus|Caenorhabditis|
6239|6237|species|Caenorhabditis elegans|C. elegans;zh:秀丽隐杆线虫
6243|6231|family|Rhabditidae|
6656|33208|phylum|Arthropoda|
7089|6656|family|Bombycidae|
7090|7089|genus|Bombyx|
7091|7090|species|Bombyx mori|domestic silkworm;zh:家蚕
7157|6656|family|Culicidae|
7158|7157|genus|Aedes|
7159|7158|species|Aedes aegypti|yellow fever mosquito;zh:埃及伊蚊
7164|7157|genus|Anopheles|
7165|7164|species|Anopheles gambiae|African malaria mosquito;zh:冈比亚按蚊
7214|6656|family|Drosophilidae|
7215|7214|genus|Drosophila|
7227|7215|species|Drosophila melanogaster|fruit fly;D. melanogaster;zh:黑腹果蝇;zh:果蝇
7458|6656|family|Apidae|
7459|7458|genus|Apis|
7460|7459|species|Apis mellifera|honey bee;zh:蜜蜂;zh:西方蜜蜂
7711|33208|phylum|Chordata|
7953|7711|family|Cyprinidae|
7954|2743709|genus|Danio|
7955|7954|species|Danio rerio|zebrafish;zh:斑马鱼
7958|2743745|genus|Ctenopharyngodon|
7959|7958|species|Ctenopharyngodon idella|grass carp;zh:草鱼
7961|7953|genus|Cyprinus|
7962|7961|species|Cyprinus carpio|common carp;zh:鲤鱼
8015|7711|family|Salmonidae|
8028|8015|genus|Salmo|
8030|8028|species|Salmo salar|Atlantic salmon;zh:大西洋鲑
8294|7711|family|Ambystomatidae|
8295|8294|genus|Ambystoma|
8296|8295|species|Ambystoma mexicanum|axolotl;zh:墨西哥钝口螈
8352|7711|family|Pipidae|
8353|8352|genus|Xenopus|
8355|8353|species|Xenopus laevis|African clawed frog;zh:非洲爪蟾
8364|8353|species|Xenopus tropicalis|tropical clawed frog
8830|7711|family|Anatidae|
8835|8830|genus|Anas|
8839|8835|species|Anas platyrhynchos|mallard;zh:鸭;zh:绿头鸭
9005|7711|family|Phasianidae|
9030|9005|genus|Gallus|
9031|9030|species|Gallus gallus|chicken;zh:鸡;zh:家鸡
9527|40674|family|Cercopithecidae|
9539|9527|genus|Macaca|
9541|9539|species|Macaca fascicularis|crab-eating macaque;zh:食蟹猴
9544|9539|species|Macaca mulatta|Rhesus monkey;zh:恒河猴;zh:猕猴
9596|9604|genus|Pan|
9598|9596|species|Pan troglodytes|chimpanzee;zh:黑猩猩
9604|40674|family|Hominidae|
9605|9604|genus|Homo|
9606|9605|species|Homo sapiens|human;zh:人;zh:智人
9608|40674|family|Canidae|
9611|9608|genus|Canis|
9612|9611|species|Canis lupus|
9615|9612|subspecies|Canis lupus familiaris|dog;Canis familiaris;zh:犬;zh:狗
9632|40674|family|Ursidae|
9645|9632|genus|Ailuropoda|
9646|9645|species|Ailuropoda melanoleuca|giant panda;zh:大熊猫
9681|40674|family|Felidae|
9682|9681|genus|Felis|
9685|9682|species|Felis catus|domestic cat;zh:猫
9788|40674|family|Equidae|
9789|9788|genus|Equus|
9796|9789|species|Equus caballus|horse;zh:马
9821|40674|family|Suidae|
9822|9821|genus|Sus|
9823|9822|species|Sus scrofa|pig;zh:猪;zh:家猪
9895|40674|family|Bovidae|
9903|9895|genus|Bos|
9913|9903|species|Bos taurus|domestic cattle;zh:牛;zh:黄牛
9918|9895|genus|Bubalus|
9922|9895|genus|Capra|
9925|9922|species|Capra hircus|goat;zh:山羊
9935|9895|genus|Ovis|
9940|9935|species|Ovis aries|sheep;zh:绵羊
9979|40674|family|Leporidae|
9984|9979|genus|Oryctolagus|
9986|9984|species|Oryctolagus cuniculus|rabbit;zh:兔
10028|337677|genus|Cricetulus|
10029|10028|species|Cricetulus griseus|Chinese hamster;zh:中国仓鼠
10035|337677|genus|Mesocricetus|
10036|10035|species|Mesocricetus auratus|golden hamster;zh:金仓鼠
10066|40674|family|Muridae|
10088|10066|genus|Mus|
10090|10088|species|Mus musculus|house mouse;zh:小鼠;zh:小家鼠
10114|10066|genus|Rattus|
10116|10114|species|Rattus norvegicus|Norway rat;zh:大鼠;zh:褐家鼠
10239|1|superkingdom|Viruses|
10240|2732007|family|Poxviridae|
10242|10240|genus|Orthopoxvirus|
10244|10242|species|Monkeypox virus|mpox virus;MPXV;zh:猴痘病毒
10294|3044472|genus|Simplexvirus|
10298|3050292|no rank|Human alphaherpesvirus 1|Herpes simplex virus type 1;HSV-1
10358|3044472|genus|Cytomegalovirus|
10359|3050295|no rank|Human betaherpesvirus 5|HCMV;Human cytomegalovirus
10375|3044472|genus|Lymphocryptovirus|
10376|3050299|no rank|human gammaherpesvirus 4|Epstein-Barr virus;EBV;Epstein-Barr virus
10404|2732409|family|Hepadnaviridae|
10405|10404|genus|Orthohepadnavirus|
10407|10405|species|Hepatitis B virus|HBV;zh:乙型肝炎病毒
10497|39743|species|African swine fever virus|zh:非洲猪瘟病毒
10841|2732412|family|Microviridae|
10847|1910954|species|Sinsheimervirus phiX174|
11050|2732406|family|Flaviviridae|
11102|11050|genus|Hepacivirus|
11118|2732408|family|Coronaviridae|
11158|2497569|family|Paramyxoviridae|
11229|11158|genus|Morbillivirus|
11234|3052345|no rank|Measles morbillivirus|zh:麻疹病毒
11244|2497569|family|Pneumoviridae|
11250|3049954|no rank|human respiratory syncytial virus|hRSV;RSV;zh:人呼吸道合胞病毒;zh:呼吸道合胞病毒
11266|2497569|family|Filoviridae|
11270|2497569|family|Rhabdoviridae|
11286|11270|genus|Lyssavirus|
11292|11286|species|Lyssavirus rabies|zh:狂犬病病毒
11308|2497569|family|Orthomyxoviridae|
11320|2955291|no rank|Influenza A virus|Influenza A;FluA;zh:甲型流感病毒
11520|2955465|no rank|Influenza B virus|Influenza B;FluB;zh:乙型流感病毒
11632|2732409|family|Retroviridae|
11646|11632|genus|Lentivirus|
11676|11646|species|Human immunodeficiency virus 1|HIV-1;zh:人类免疫缺陷病毒1型;zh:艾滋病病毒
11974|2732408|family|Caliciviridae|
12058|2732408|family|Picornaviridae|
12059|12058|genus|Enterovirus|
12234|675071|genus|Tobamovirus|
12242|12234|species|Tobacco mosaic virus|zh:烟草花叶病毒
12637|3052464|no rank|Dengue virus|zh:登革病毒
12908|2787823|no rank|unclassified sequences|
23513|3193|family|Rutaceae|
27065|3193|family|Theaceae|
27319|4890|family|Metschnikowiaceae|
28344|2499685|no rank|Porcine reproductive and respiratory syndrome virus|zh:猪繁殖与呼吸综合征病毒
28384|2787854|no rank|other sequences|
28889|2157|phylum|Thermoproteota|
28890|2157|phylum|Euryarchaeota|
28901|590|species|Salmonella enterica|zh:肠道沙门氏菌;zh:沙门氏菌
29459|234|species|Brucella melitensis|zh:布鲁氏菌
29547|2|phylum|Campylobacterota|
29585|3193|family|Marchantiaceae|
29760|3603|species|Vitis vinifera|wine grape;zh:葡萄
30521|9903|species|Bos grunniens|domestic yak;zh:牦牛
31245|6157|family|Schistosomatidae|
31953|201174|family|Bifidobacteriaceae|
32630|81077|species|synthetic construct|zh:人工合成构建体
33090|2759|kingdom|Viridiplantae|
33208|2759|kingdom|Metazoa|
33682|2759|phylum|Euglenozoa|
33958|1239|family|Lactobacillaceae|
34305|3867|species|Lotus japonicus|
35493|33090|phylum|Streptophyta|
37414|3216|genus|Physcomitrium|
37611|7711|family|Estrildidae|
39054|138948|serotype|Enterovirus A71|zh:肠道病毒71型
39743|137992|genus|Asfivirus|
39946|4530|no rank|Oryza sativa Indica Group|long-grained rice;zh:籼稻
39947|4530|no rank|Oryza sativa Japonica Group|Japanese rice;zh:粳稻
40674|7711|class|Mammalia|
42068|4753|species|Pneumocystis jirovecii|
44281|4890|family|Pneumocystaceae|
44689|5782|species|Dictyostelium discoideum|
48558|2528436|genus|Pyricularia|
49442|58055|genus|Rhinolophus|
58055|40674|family|Rhinolophidae|
59201|28901|subspecies|Salmonella enterica subsp. enterica|
59728|37611|genus|Taeniopygia|
59729|59728|species|Taeniopygia guttata|zebra finch;zh:斑胸草雀
64320|3048459|no rank|Zika virus|zh:寨卡病毒
72293|29547|family|Helicobacteraceae|
72294|29547|family|Campylobacteraceae|
74201|2|phylum|Verrucomicrobiota|
76803|2732408|family|Arteriviridae|
81077|28384|no rank|artificial sequences|
81852|1239|family|Enterococcaceae|
82115|1224|family|Rhizobiaceae|
83333|562|strain|Escherichia coli K-12|
89399|49442|species|Rhinolophus sinicus|Chinese rufous horseshoe bat;zh:中华菊头蝠
89462|9918|species|Bubalus bubalis|water buffalo;zh:水牛
90371|59201|no rank|Salmonella enterica subsp. enterica serovar Typhimurium|zh:鼠伤寒沙门氏菌
90964|1239|family|Staphylococcaceae|
102793|11320|serotype|H5N1 subtype|
110618|4890|family|Nectriaceae|
114727|11320|serotype|H1N1 subtype|
118882|1224|family|Brucellaceae|
118883|28889|family|Sulfolobaceae|
119210|11320|serotype|H3N2 subtype|
131567|1|no rank|cellular organisms|
135621|1224|family|Pseudomonadaceae|
137992|2732007|family|Asfarviridae|
138948|12059|species|Enterovirus A|
138950|12059|species|Enterovirus C|
142786|11974|genus|Norovirus|zh:诺如病毒
151340|2732415|family|Papillomaviridae|
186538|3052462|no rank|Zaire ebolavirus|zh:埃博拉病毒
186804|1239|family|Peptostreptococcaceae|
186817|1239|family|Bacillaceae|
186820|1239|family|Listeriaceae|
196117|28890|family|Methanocaldococcaceae|
196118|196117|genus|Methanocaldococcus|
197911|11308|genus|Alphainfluenzavirus|
197912|11308|genus|Betainfluenzavirus|
201174|2|phylum|Actinomycetota|
208893|11250|no rank|Human respiratory syncytial virus A|
208895|11250|no rank|Human respiratory syncytial virus B|
216572|1239|family|Oscillospiraceae|
216816|1678|species|Bifidobacterium longum|zh:长双歧杆菌
216851|216572|genus|Faecalibacterium|
239934|1647988|genus|Akkermansia|
239935|239934|species|Akkermansia muciniphila|
256318|408169|species|metagenome|zh:宏基因组
291294|5878|family|Tetrahymenidae|
318829|48558|species|Pyricularia oryzae|rice blast fungus;Magnaporthe oryzae;zh:稻瘟病菌
333278|11320|serotype|H7N9 subtype|
333750|151340|genus|Alphapapillomavirus|
333760|337041|serotype|Human papillomavirus 16|
337041|333750|species|Alphapapillomavirus 9|
337677|40674|family|Cricetidae|
408169|12908|no rank|metagenomes|
408170|410656|species|human gut metagenome|zh:人肠道宏基因组
408172|410657|species|marine metagenome|zh:海洋宏基因组
410656|408169|no rank|organismal metagenomes|
410657|408169|no rank|ecological metagenomes|
410658|410657|species|soil metagenome|zh:土壤宏基因组
410661|410656|species|mouse gut metagenome|zh:小鼠肠道宏基因组
433727|410657|species|hot springs metagenome|zh:温泉宏基因组
433733|410656|species|human lung metagenome|zh:人肺宏基因组
447426|410656|species|human oral metagenome|zh:人口腔宏基因组
449393|410657|species|freshwater metagenome|zh:淡水宏基因组
498019|3303203|species|Candidozyma auris|Candida auris;zh:耳念珠菌
506599|410656|species|bovine gut metagenome|zh:牛肠道宏基因组
511145|83333|no rank|Escherichia coli str. K-12 substr. MG1655|
527639|410657|species|wastewater metagenome|zh:废水宏基因组
539655|410656|species|human skin metagenome|zh:人皮肤宏基因组
646099|410656|species|human metagenome|zh:人体宏基因组
652676|410657|species|hydrothermal vent metagenome|zh:热液喷口宏基因组
655179|410657|species|air metagenome|zh:空气宏基因组
675071|2732406|family|Virgaviridae|
694002|11118|genus|Betacoronavirus|
694009|694002|species|Severe acute respiratory syndrome-related coronavirus|
717931|410657|species|groundwater metagenome|zh:地下水宏基因组
746128|5052|species|Aspergillus fumigatus|zh:烟曲霉
749906|410656|species|gut metagenome|zh:肠道宏基因组
749907|410657|species|sediment metagenome|zh:沉积物宏基因组
766764|4890|family|Debaryomycetaceae|
870726|410657|species|food metagenome|zh:食品宏基因组
939928|410657|species|rhizosphere metagenome|zh:根际宏基因组
942017|410657|species|activated sludge metagenome|zh:活性污泥宏基因组
1070528|410656|species|viral metagenome|zh:病毒宏基因组
1076179|410657|species|bioreactor metagenome|zh:生物反应器宏基因组
1131492|4890|family|Aspergillaceae|
1131769|410656|species|human nasopharyngeal metagenome|zh:人鼻咽宏基因组
1235509|408169|species|synthetic metagenome|
1297885|410656|species|plant metagenome|zh:植物宏基因组
1335626|694002|species|Middle East respiratory syndrome-related coronavirus|MERS-CoV;zh:中东呼吸综合征冠状病毒
1510822|410656|species|pig gut metagenome|zh:猪肠道宏基因组
1561972|410657|species|seawater metagenome|zh:海水宏基因组
1632839|410656|species|human vaginal metagenome|
1639119|5794|family|Plasmodiidae|
1644056|28890|family|Haloferacaceae|
1647806|410657|species|lake water metagenome|zh:湖水宏基因组
1647988|74201|family|Akkermansiaceae|
1679718|410656|species|human saliva metagenome|zh:人唾液宏基因组
1868215|11244|genus|Orthopneumovirus|
1870884|186804|genus|Clostridioides|
1884633|5204|family|Cryptococcaceae|
1903411|1224|family|Yersiniaceae|
1910954|10841|genus|Sinsheimervirus|
2058185|2605435|family|Dictyosteliaceae|
2497569|2732396|phylum|Negarnaviricota|
2499674|76803|genus|Betaarterivirus|
2499685|2499674|species|Betaarterivirus suid 2|
2528436|4890|family|Pyriculariaceae|
2582415|81077|species|blank sample|
2605435|2759|phylum|Evosea|
2697049|694009|no rank|Severe acute respiratory syndrome coronavirus 2|SARS-CoV-2;2019-nCoV;zh:新型冠状病毒;zh:新冠病毒
2731360|10239|kingdom|Heunggongvirae|
2731361|2731360|phylum|Peploviricota|
2732005|10239|kingdom|Bamfordvirae|
2732007|2732005|phylum|Nucleocytoviricota|
2732091|10239|kingdom|Sangervirae|
2732092|10239|kingdom|Shotokuvirae|
2732396|10239|kingdom|Orthornavirae|
2732397|10239|kingdom|Pararnavirae|
2732406|2732396|phylum|Kitrinoviricota|
2732408|2732396|phylum|Pisuviricota|
2732409|2732397|phylum|Artverviricota|
2732412|2732091|phylum|Phixviricota|
2732415|2732092|phylum|Cossaviricota|
2743709|7711|family|Danionidae|
2743745|7711|family|Xenocyprididae|
2767842|33958|genus|Lactiplantibacillus|
2787823|1|no rank|unclassified entries|
2787854|1|no rank|other entries|
2955291|197911|species|Alphainfluenzavirus influenzae|
2955465|197912|species|Betainfluenzavirus influenzae|
3044472|2731361|family|Orthoherpesviridae|
3044781|11266|genus|Orthoebolavirus|
3044782|11050|genus|Orthoflavivirus|
3048459|3044782|species|Orthoflavivirus zikaense|
3049954|1868215|species|Orthopneumovirus hominis|
3050292|10294|species|Simplexvirus humanalpha1|
3050295|10358|species|Cytomegalovirus humanbeta5|
3050299|10375|species|Lymphocryptovirus humangamma4|
3052230|11102|species|Hepacivirus hominis|Hepatitis C virus;HCV;zh:丙型肝炎病毒
3052345|11229|species|Morbillivirus hominis|
3052462|3044781|species|Orthoebolavirus zairense|
3052464|3044782|species|Orthoflavivirus denguei|
3303203|27319|genus|Candidozyma|
`;

/** Identifiers that were joined into another one. */
export const mergedTaxa: readonly (readonly [from: number, into: number])[] = [[11103, 3052230]];
