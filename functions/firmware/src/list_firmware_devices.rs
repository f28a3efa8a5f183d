//! `GET /api/firmware/devices`: registered devices of a hardware, by name.

use domain::firmware::Hardware;
use runtime::answer::PageOf;
use runtime::callers::Operator;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, fleet};

use crate::device_answer::DeviceAnswer;
use crate::release_answer::OfHardware;

pub static FUNCTION: Function = Function::endpoint::<ListFirmwareDevices>();

pub struct ListFirmwareDevices;

impl Endpoint for ListFirmwareDevices {
    const NAME: &'static str = "list-firmware-devices";
    const SUMMARY: &'static str = "Registered devices and how far their updates are";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/devices")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Query, ItemAction::BatchGet])];

    type Caller = Operator;
    type Input = (Query<OfHardware>, Query<Paging>);
    type Output = PageOf<DeviceAnswer>;

    async fn handle(
        context: &Context,
        _: Operator,
        (Query(OfHardware { hardware }), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let Page { items, next } = fleet::list(&context.store, hardware, &request).await?;
        let next = next.map(|cursor| next_page(hardware, request.limit, &cursor.to_string()));
        Ok(PageOf {
            items: items.into_iter().map(DeviceAnswer::from).collect(),
            next,
        })
    }
}

fn next_page(hardware: Hardware, limit: u16, cursor: &str) -> String {
    format!("/api/firmware/devices?hardware={hardware}&limit={limit}&cursor={cursor}")
}
