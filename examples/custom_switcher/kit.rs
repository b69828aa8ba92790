use super::{Balancer, Lab, OpenRequest, Opened, Subject, TrafficSwitcher, async_trait};

#[async_trait]
impl Subject for Lab {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }
    async fn open_request(&self) -> Opened {
        let visit = self.router.visit().await;
        visit.map_or_else(Opened::Nowhere, |(slot, user)| Opened::At(OpenRequest::new(slot, user)))
    }
    async fn unanswered(&self) -> Option<std::sync::Arc<dyn TrafficSwitcher>> {
        Some(std::sync::Arc::new(Balancer::at(self.router.mute)))
    }
}
#[cfg(test)]
mod balancer {
    handover_traffic::conformance_tests!(super::Lab::start().await.unwrap());
}
