// What the server refuses, in Chinese: it speaks English. Titles and remedies are those of docs/errors.md.
import { language, say } from './speech';
import type { Word } from './words';

const CHANGED: Record<string, string> = { region: '区域', incident: '事件', zones: '危险区', closure: '封路', team: '队伍' };
const CHANGES: [pattern: RegExp, zh: string][] = [
  [/^taken anew from its files$/, '已由文件更新'],
  [/^reported anew$/, '重新报告'],
  [/^drawn anew$/, '重新划定'],
  [/^closed$/, '已关闭'],
  [/^lifted$/, '已解除'],
  [/^gone( from the region)?$/, '已不存在'],
  [/^new$/, '新增'],
  [/^free now$/, '现已可用'],
  [/^moved (.*) km$/, '移动了 $1 km'],
];
const STATES: Record<string, Word> = { available: 'available', committed: 'committedStatus', en_route: 'en_route', on_scene: 'on_scene', returning: 'returning', off_duty: 'off_duty' };

/** What is otherwise than a plan took it to be; the server says it in English. */
export function changeWords(kind: string, name: string, what: string): string {
  if (language() === 'en') return `${kind} ${name}: ${what}`;
  const [now, was] = what.split(', was ').map((one) => STATES[one]);
  const known = CHANGES.find(([pattern]) => pattern.test(what));
  const words = now && was ? `现${say(now)}，原${say(was)}` : known ? what.replace(known[0], known[1]) : what;
  return `${CHANGED[kind] ?? kind} ${name}：${words}`;
}

/** Title and remedy; where there is none, the server's own words follow, for they name what it is about. */
export const REFUSALS: Record<string, readonly [title: string, remedy?: string]> = {
  A110: ['没有有效的密钥', '请在 Authorization 头中给出未过期、未撤销的密钥。'],
  A111: ['该角色无权执行此操作', '请由有权限的人员执行。'],
  A112: ['同一密钥请求过多', '请在 Retry-After 指明的秒数之后再试。'],
  A113: ['请求正文过大'],
  A114: ['请求正文未能及时到达'],
  A115: ['请求正文不是 JSON'],
  A116: ['取值不可用'],
  A117: ['没有该路径或方法'],
  A118: ['没有该记录'],
  A119: ['该幂等键此前用于另一请求', '每次新的写入请使用新的键。'],
  A120: ['队伍已被其他指令占用', '请重新计算方案，或先释放占用的队伍。'],
  A121: ['方案所依据的态势已经变化', '请重新计算；或查看变化后强制下达。'],
  A122: ['物资不足', '请重新计算方案，按可用库存安排。'],
  A123: ['方案当前状态不允许该操作', '只有待定方案可下达，只有执行中的方案可复算。'],
  A124: ['方案未经批准', '请使用审批人密钥，或注明口头批准人。'],
  A125: ['队伍当前状态不允许', '请先释放或完成其指令；休整的队伍须先转为可用。'],
  A126: ['指令当前状态不允许', '请查看该指令；已结束的不能更改。'],
  A127: ['事件已结束或仍有执行中的指令', '结束前请先完成或释放其指令；已结束的事件请另行上报。'],
  A128: ['区域数据中没有该名称'],
  A129: ['正在计算的方案过多', '请在 Retry-After 指明的秒数之后再试。'],
  A130: ['数据库暂时不可用', '数据未改动，请以相同的幂等键重试。'],
  A131: ['方案未能及时算出', '请重试；计算进程已重新启动。'],
  A132: ['程序缺陷', '请连同请求编号及相应日志行一并报告。'],
  A134: ['所绘区域不可用'],
  A135: ['封闭信息不足或自相矛盾'],
  A136: ['方案无待确认的口头批准', '待确认的方案见 /plans?to_confirm=true。'],
  A137: ['幂等键不可用'],
  A138: ['该封闭已解除', '无需处理。'],
  A141: ['事发时间晚于现在'],
  A143: ['该编号的记录已存在'],
  A144: ['所引用的记录不存在', '请重新读取记录：其间可能已被他人更改。'],
  A145: ['违反数据库约束', '请重新读取记录；若再次出现，请连同请求编号报告。'],
  A146: ['数据库正被占用', '数据未改动，请以相同的幂等键重试。'],
  A200: ['场景属于另一个区域'],
  A201: ['缺少可用的 plan_id'],
  A202: ['该方案不能优化'],
  A203: ['等待的任务过多'],
  A204: ['该密钥未完成的任务过多'],
  A205: ['任务尚未结束'],
  A206: ['任务已取消'],
  A207: ['任务进程两次意外终止'],
  A208: ['任务已经结束'],
  A209: ['此版本没有该任务的计算过程'],
  A210: ['实时消息接收过慢'],
  A211: ['消息流正常结束'],
  A212: ['打开的消息流过多'],
  A213: ['任务超时'],
  A230: ['事件已按该级别响应'],
  A231: ['没有正在执行的响应'],
  A232: ['事件的应急响应尚未终止'],
  A233: ['日志条目的时间在未来'],
  A234: ['台账中的记录无法保存'],
  A235: ['假设分析未作任何改变'],
  A236: ['区域文件已有该记录的坐标'],
  A237: ['位置远在区域之外'],
  A238: ['请求正文不是工作簿'],
  A239: ['事件没有位置'],
  A240: ['报告种类的次序不对'],
  A241: ['仍有执行中的指令时不能终报'],
  A242: ['值班起止时间不可用'],
  A250: ['预警消息不是可读的 XML'],
  A251: ['预警消息不符合 CAP 1.2'],
  A252: ['预警区域不可用'],
  A253: ['预警没有区域'],
  A254: ['预警无法转为事件'],
  A255: ['同一发送方的预警编号重复'],
  A256: ['预警已解除'],
  A257: ['事件尚无危险区'],
  A258: ['请求正文未声明为 XML'],
  A270: ['道路地图切片尚未生成'],
  A280: ['数据库不存在，或属于其他版本'],
  A281: ['备份文件损坏'],
  A282: ['备份由更新的版本写成'],
  A283: ['待恢复的数据库不是空的'],
  A284: ['登录设置不可用'],
  A285: ['登录账号在此没有角色'],
  A286: ['身份平台无响应'],
};

export function refusalWords(code: string, detail: string): string {
  const known = language() === 'zh' ? REFUSALS[code] : undefined;
  if (!known) return `${code} ${detail}`.trim();
  const [title, remedy] = known;
  return `${code} ${title}${remedy ? `。${remedy}` : detail ? `（${detail}）` : ''}`;
}
