//! Korean. Docker's own words for states stay as they are, so that sentences and tables speak of the same thing.

use super::{Phrase, Texts};
use crate::event::{RuleKind as R, WhatKind as W};

pub(super) const TEXTS: Texts = Texts { what, rule, phrase };

fn what(kind: W) -> &'static str {
    match kind {
        W::Start => "세션 시작",
        W::Input => "{0}",
        W::ServiceCreated => "서비스 {0} 생성",
        W::ServiceChanged => "서비스 {0} 변경",
        W::UpdateStatus => "서비스 {0}: 업데이트 상태 {1}",
        W::ServiceRemoved => "서비스 {0} 삭제",
        W::TaskCreated => "태스크 {0} 생성",
        W::TaskState => "태스크 {0}: {1} → {2}",
        W::TaskDesired => "태스크 {0}: 원하는 상태 {1} → {2}",
        W::TaskChanged => "태스크 {0} 변경",
        W::TaskRemoved => "태스크 {0} 기록 삭제",
        W::AgentActs => "{0} 담당 에이전트",
        W::NodeCreated => "노드 {0} 등장",
        W::NodeState => "노드 {0}: {1} → {2}",
        W::NodeChanged => "노드 {0} 변경",
        W::NodeRemoved => "노드 {0} 제거",
        W::Leads => "노드 {0} 리더가 됨",
    }
}

fn rule(kind: R) -> &'static str {
    match kind {
        R::Outside => "",
        R::FromTheStart => "시나리오가 이렇게 시작합니다",
        R::Asked => "명령이 요청한 대로",
        R::Described => "데몬이 현재 자원을 보고했습니다",
        R::Allocated => "주소와 포트가 할당되었습니다",
        R::ScaleUp => "원하는 레플리카는 {1}개, 태스크가 있는 슬롯은 {0}개",
        R::ScaleDown => "원하는 레플리카는 {1}개, 태스크가 있는 슬롯은 {0}개",
        R::DeadSlot => "슬롯 {0}에서는 더 실행될 것이 없어 기록을 지웁니다",
        R::ServiceGone => "서비스가 삭제되었습니다",
        R::OnePerNode => "조건에 맞는 노드마다 태스크 하나",
        R::NodeUnfit => "노드가 더는 이 서비스의 태스크를 받지 않습니다: {0}",
        R::OutdatedOnNode => "노드가 바뀌면 오래되었거나 중복된 태스크를 바로 교체합니다",
        R::JobNeeds => "필요한 완료 {2}회 중 완료 {1}회, 실행 중 {0}개",
        R::OldIteration => "작업이 다시 시작되었고, 이 태스크는 이전 회차의 것입니다",
        R::UpdateStarts => "스펙과 다른 슬롯 {0}개",
        R::LaneTakesSlot => "업데이트가 슬롯 {0} 차례를 시작합니다; 순서 {1}",
        R::NewTaskRuns => "순서 start-first: 새 태스크 {0} 실행 중, 이전 태스크는 종료해도 됩니다",
        R::CleanTaskStays => "{0}: 이미 새 스펙과 같아 그대로 둡니다",
        R::TooManyFailures => {
            "{0}: 모니터 {6s} 안에 종료; 실패 {1} / 바뀔 슬롯 {2} = {3} > 허용 비율 {4}; 실패 시 동작 {5}"
        }
        R::UpdateDone => "슬롯 {2}개 모두 완료, 모니터 {0s} 경과[; 실패 {1}]",
        R::NothingDirty => "스펙과 다른 슬롯이 더 없습니다",
        R::Restart => "재시작 조건 {0}; 재시작 지연 {1s}[; 시도 {2}/{3}][ ({4s} 안에서)]",
        R::NoRestart => "재시작하지 않음: 조건 {0}, 태스크 상태 {1}[; 시도 {2}/{3} 소진][ ({4s} 안에서)]",
        R::StartNow => "기다릴 것이 없습니다",
        R::DelayOver => "재시작 지연이 끝났습니다",
        R::OldTaskStopped => "이전 태스크가 멈췄습니다",
        R::OldTaskTimeout => "이전 태스크가 {0s} 안에 멈추지 않았습니다",
        R::OldNodeGone => "이전 태스크의 노드가 down입니다",
        R::Scheduled => {
            "{0} 선택: 노드 {4}개 중 {3}개가 필터 통과; 이 서비스의 태스크 {1}개, 전체 {2}개로 가장 적은 편이었습니다"
        }
        R::PreassignedFits => "{0}: 필터 통과",
        R::NoSuitableNode => "필터를 통과한 노드가 {1}개 중 하나도 없습니다[ ({0})]",
        R::StalePending => "이전 스펙의 태스크로, 더 필요하지 않고 노드도 받지 못했습니다",
        R::History => "이 슬롯의 태스크 {1}개 중 {0}개만 남깁니다",
        R::RemovedTaskStopped => "삭제 예정이던 태스크가 멈췄습니다",
        R::NoLongerMeetsConstraints => "노드가 더는 이 조건에 맞지 않습니다: {0}",
        R::AgentReports => "에이전트의 보고[: {0}]",
        R::Accepts => "태스크를 받았습니다",
        R::AsksRegistry => "레지스트리에 {0} 조회",
        R::Pulls => "{0} 내려받기, {1s} 걸림",
        R::NoImage => "{0} 이미지 없음: 노드에 없고, 레지스트리의 답은 {1}",
        R::CreatesContainer => "컨테이너를 만듭니다",
        R::StartsContainer => "컨테이너를 시작합니다",
        R::AwaitsHealth => "헬스 체크 통과를 기다립니다; {0s}마다 검사, 연속 실패 {1}회면 unhealthy",
        R::ProbePasses => "헬스 체크 통과",
        R::ProbeFails => "헬스 체크 실패: 연속 {0}/{1}회",
        R::ProgramEnds => "프로그램이 코드 {0}(으)로 끝났습니다",
        R::LeavesMesh => "로드 밸런서에서 빠진 뒤 처리 중인 요청을 위해 {0s} 기다립니다",
        R::StopSignal => "종료 신호를 보냈습니다; 유예 시간 {0s}",
        R::GraceOver => "프로그램이 {0s} 안에 끝나지 않아 강제로 종료합니다",
        R::CleansUp => "프로그램 주변을 정리합니다",
        R::HeartbeatMissed => "약 {0s} 동안 하트비트가 없었습니다",
        R::NodeRegisters => "에이전트가 등록했습니다",
        R::Orphaned => "노드가 {0s} 동안 down이었습니다",
        R::Elected => "매니저 과반수가 선출했습니다",
        R::NewLeader => "새 리더가 아직 소식을 듣지 못했습니다",
        R::RoleFollows => "역할이 명세를 따라 바뀌었습니다",
        R::NodeDeleted => "노드가 스웜에서 제거되었습니다",
    }
}

fn phrase(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Unknown => "'{0}'(이)라는 것은 없습니다. 서비스, 태스크(app.2), 노드, 또는 ID의 앞부분을 쓰세요",
        Phrase::Ambiguous => "'{0}'(으)로 시작하는 ID가 {1}개입니다. 더 길게 쓰세요",
        Phrase::WaitsForDelay => "{0}까지 재시작 지연을 기다립니다",
        Phrase::WaitsForOld => "{0}: 이 태스크가 멈추기를 기다립니다",
        Phrase::WaitsForNetwork => "네트워크 {0}의 주소를 모두 다른 곳에서 쓰고 있어, 비기를 기다립니다",
        Phrase::Busy => "{0}까지 에이전트가 처리 중입니다",
        Phrase::LaneWaits => "업데이트가 슬롯 {0} 실행을 기다립니다",
        Phrase::LaneSleeps => "업데이트가 슬롯 {0} 완료 후 {1}까지 업데이트 지연을 기다립니다",
        Phrase::SlotsWait => "차례를 기다리는 슬롯: {0}개",
        Phrase::Watches => "업데이트가 {0}까지 실패를 지켜봅니다",
        Phrase::More => "그 사이 {0}개 생략; 모두 보려면 `why --all …`",
    }
}
